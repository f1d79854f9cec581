"""One module a command, each with `run(call) -> exit code`; `qa.cli` imports the one that is called."""
