"""Tests that drive Chromium against the running product. A package, so that one product serves all of them."""
