"""What the law and the office know: pure Python, no framework, no clock, no I/O."""
