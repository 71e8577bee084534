"""Queries by noun. Each takes a transaction of ``Database`` first; scoped ones take the actor second."""
