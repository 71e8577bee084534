#!/bin/sh
# The namespace of the cases. Closed cases stay in the engine for 30 days; the legal record is in our own database.
set -eu
until temporal operator cluster health; do sleep 2; done
temporal operator namespace describe --namespace shouwang ||
  temporal operator namespace create --namespace shouwang --retention 720h
