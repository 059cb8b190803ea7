"""The bundled compute tree with its API served from memory, and real tests that are run in it.

Unlike the world of stand-ins nothing is guessed here: what a test gets is what its requests made.
"""
