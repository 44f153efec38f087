"""STAGE raw/: what is fetched from publishers, politely and through one guarded door.

It runs on asyncio: one task a host (`crawler`), each asking through `fetcher`. The rooms below it, from the wire up: `network`,
`politeness` and `scoping`, `ledger`, `recording`; those above it make runs of it: `runs`, `webarchives`, `workers`.
"""
