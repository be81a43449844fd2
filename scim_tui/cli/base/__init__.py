"""What all commands share: options, output, prompts, exit codes."""
