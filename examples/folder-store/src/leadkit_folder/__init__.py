"""A store for leadkit in a folder: a file for each organisation."""

from __future__ import annotations

from leadkit_folder.store import FolderStore, FolderUnitOfWork

__all__ = ["FolderStore", "FolderUnitOfWork"]
