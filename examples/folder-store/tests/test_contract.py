"""The store holds to what leadkit asks of every store."""

import multiprocessing

import pytest
from leadkit_folder import FolderStore

import leadkit as lk
from leadkit.testing.contracts import StoreContract


class TestFolderStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return FolderStore(tmp_path / "store")


def test_leads_are_there_when_the_folder_is_opened_again(tmp_path):
    ws = lk.LeadKit(FolderStore(tmp_path)).workspace(org="acme/europe", actor="u")
    lead = ws.leads.qualify(ws.leads.create(email="a@example.com").id)

    again = lk.LeadKit(FolderStore(tmp_path)).workspace(org="acme/europe", actor="u")
    assert again.leads.get(lead.id) == lead
    assert [event.type for event in again.leads.history(lead.id)] == ["lead.created", "lead.qualified"]


def count_up(folder, lead_id):
    ws = lk.LeadKit(FolderStore(folder)).workspace(org="acme", actor="u")
    for _ in range(5):
        with ws.unit_of_work() as work:
            count = work.leads.get(lead_id).properties["count"]
            work.leads.update(lead_id, properties={"count": count + 1})


def test_processes_lose_no_update(tmp_path):
    ws = lk.LeadKit(FolderStore(tmp_path)).workspace(org="acme", actor="u")
    lead = ws.leads.create(email="a@example.com", properties={"count": 0})
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=count_up, args=(tmp_path, lead.id)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert ws.leads.get(lead.id).properties == {"count": 15}


def test_a_file_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "acme.leads").write_bytes(b"dear diary")

    with pytest.raises(lk.StoreUnusable, match="no file of this store"):
        lk.LeadKit(FolderStore(tmp_path)).workspace(org="acme", actor="u").leads.count()
