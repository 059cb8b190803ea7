"""A world in which the tests of samples run, without any of the projects they are written for.

What a test asks of the world is answered in the way that lets the test pass, and is kept.
"""
