"""The protocol voxhost.v1 as protoc makes it (scripts/proto-python.py). Everything here is generated."""
