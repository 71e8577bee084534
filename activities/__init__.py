"""What a workflow does to the world. Every activity may run twice and does its work once."""
