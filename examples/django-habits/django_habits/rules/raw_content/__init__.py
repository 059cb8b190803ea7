"""DT101: what a response holds, looked for by hand."""
