"""The engine for more than one machine: Milvus, through `pymilvus`; docs/milvus.md tells what is kept there and why."""
