from __future__ import annotations

import io
import json

import pytest

import leadkit as lk
from leadkit.errors import ConcurrencyConflict, InvalidInput, StoreUnavailable, UnreadableFile
from leadkit.importing import Mapping, OnDuplicate
from leadkit.leads import PROTECTED
from leadkit.memory import MemoryStore
from leadkit.testing.faults import CallCounter, FaultyStore

STAGES = [{"id": "new", "name": "New", "order": 0}, {"id": "won", "name": "Won", "order": 1}]
THREE = b"Email,First Name\na@example.com,Ann\nb@example.com,Bob\nc@example.com,Cleo\n"


def opened(store=None, **ports):
    kit = lk.LeadKit(store or MemoryStore(), **ports)
    workspace = kit.workspace(org="acme", actor="user-7")
    workspace.pipelines.create(id="inbound", name="Inbound", stages=STAGES)
    return workspace


@pytest.fixture
def workspace():
    return opened()


def people(workspace):
    return {lead.email or lead.external_id: lead.first_name for lead in workspace.leads.each()}


def counts(report):
    return (report.created, report.updated, report.skipped, report.failed)


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("handed", ["bytes", "text path", "path", "stream"])
def test_a_file_is_handed_over_in_any_way(handed, workspace, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(THREE)
    with path.open("rb") as stream:
        source = {"bytes": THREE, "text path": str(path), "path": path, "stream": stream}[handed]
        assert counts(workspace.imports.csv(source)) == (3, 0, 0, 0)
        assert not stream.closed
    assert people(workspace) == {"a@example.com": "Ann", "b@example.com": "Bob", "c@example.com": "Cleo"}


def test_a_file_that_is_not_there_is_told_by_its_name(workspace, tmp_path):
    for source in (tmp_path / "nowhere.csv", str(tmp_path / "nowhere.csv")):
        with pytest.raises(UnreadableFile) as refused:
            workspace.imports.csv(source)
        assert str(refused.value) == "cannot read nowhere.csv: No such file or directory"
    with pytest.raises(UnreadableFile, match="cannot read"):
        workspace.imports.csv(tmp_path)


def test_an_empty_file_is_told_by_its_name(workspace, tmp_path):
    path = tmp_path / "leads.csv"
    path.touch()
    with pytest.raises(UnreadableFile, match=r"^cannot read leads\.csv: it is empty"):
        workspace.imports.csv(path)


MAPPING = {"columns": {"Email": "lastName", "First Name": "externalId"}}


@pytest.mark.parametrize("kind", ["dict", "document", "path", "text path"])
def test_a_mapping_is_handed_over_in_any_way(kind, workspace, tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING), encoding="utf-8")
    mapping = {"dict": MAPPING, "document": Mapping.model_validate(MAPPING), "path": path, "text path": str(path)}
    workspace.imports.csv(THREE, mapping=mapping[kind])
    assert {lead.external_id: lead.last_name for lead in workspace.leads.each()}["Ann"] == "a@example.com"


def test_a_mapping_is_guessed_where_none_is_given(workspace):
    workspace.imports.csv(THREE, mapping="auto")
    assert people(workspace)["a@example.com"] == "Ann"


def test_a_mapping_that_is_wrong_stops_everything(workspace, tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text('{"columns": {"Email": "score"}}', encoding="utf-8")
    for mapping in (path, {"columns": {"Email": "score"}}):
        with pytest.raises(InvalidInput, match=r'\$\.columns\["Email"\]\.to'):
            workspace.imports.csv(THREE, mapping=mapping)
    with pytest.raises(UnreadableFile, match=r"^cannot read nowhere\.json: No such file"):
        workspace.imports.csv(THREE, mapping=tmp_path / "nowhere.json")
    with pytest.raises(InvalidInput, match="the file has no column `Mail`; did you mean `Email`"):
        workspace.imports.csv(THREE, mapping={"columns": {"Mail": "email"}})
    assert workspace.leads.count() == 0


def test_a_policy_that_is_none_is_refused(workspace):
    with pytest.raises(InvalidInput) as refused:
        workspace.imports.csv(THREE, on_duplicate="merge")
    assert refused.value.faults[0].path == "$.onDuplicate"


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_at_least_one_row(size, workspace):
    with pytest.raises(InvalidInput) as refused:
        workspace.imports.csv(THREE, batch_size=size)
    assert refused.value.faults[0].path == "$.batchSize"


def test_the_dialect_may_be_declared(workspace):
    report = workspace.imports.csv(
        "Email^Name\na@example.com^Ann Lee\n".encode("utf-16-be"), encoding="utf-16-be", delimiter="^"
    )
    assert counts(report) == (1, 0, 0, 0)
    assert people(workspace) == {"a@example.com": "Ann"}


def test_a_guess_can_be_looked_at_first(workspace, tmp_path):
    mapping = workspace.imports.guess(b"Email^Size\na@example.com^5\n", delimiter="^", encoding="utf-8")
    assert {name: column.to for name, column in mapping.columns.items()} == {
        "Email": "email",
        "Size": "properties.size",
    }
    assert mapping.columns["Size"].type == "integer"
    path = tmp_path / "mapping.json"
    path.write_text(mapping.model_dump_json(exclude_defaults=True), encoding="utf-8")
    assert counts(workspace.imports.csv(b"Email,Size\na@example.com,7\n", mapping=path)) == (1, 0, 0, 0)


def test_a_guess_looks_at_a_thousand_rows(workspace):
    rows = "".join(f"a{n}@example.com,{n}\n" for n in range(1_000))
    assert workspace.imports.guess(f"Email,Size\n{rows}x,many\n".encode()).columns["Size"].type == "integer"
    assert workspace.imports.guess(f"Email,Size\nx,many\n{rows}".encode()).columns["Size"].type == "text"
    report = workspace.imports.csv(f"Email,Size\n{rows}x@example.com,many\n".encode())
    assert [(error.row, error.column) for error in report.errors] == [(1_001, "Size")]


def test_columns_that_lead_nowhere_are_reported(workspace):
    report = workspace.imports.csv(THREE, mapping={"columns": {"Email": "email"}})
    assert report.ignored == ("First Name",)


# --- where leads enter ------------------------------------------------------------------------------------------------


def test_new_leads_enter_the_pipeline_that_is_named(workspace):
    workspace.imports.csv(THREE, pipeline_id="inbound")
    assert {(lead.pipeline_id, lead.stage) for lead in workspace.leads.each()} == {("inbound", "new")}


def test_new_leads_enter_the_stage_that_is_named(workspace):
    workspace.imports.csv(THREE, pipeline_id="inbound", stage="won")
    assert {lead.stage for lead in workspace.leads.each()} == {"won"}


def test_what_the_file_says_of_the_place_goes_first(workspace):
    data = b"Email,Stage\na@example.com,won\nb@example.com,\n"
    mapping = {"columns": {"Email": "email", "Stage": "stage"}}
    workspace.imports.csv(data, mapping=mapping, pipeline_id="inbound")
    assert {lead.email: lead.stage for lead in workspace.leads.each()} == {
        "a@example.com": "won",
        "b@example.com": "new",
    }


def test_without_a_pipeline_leads_are_in_none(workspace):
    workspace.imports.csv(THREE)
    assert {(lead.pipeline_id, lead.stage) for lead in workspace.leads.each()} == {(None, None)}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_place_that_does_not_exist_fails_each_row(dry_run, workspace):
    report = workspace.imports.csv(THREE, pipeline_id="inbond", dry_run=dry_run)
    assert counts(report) == (0, 0, 0, 3)
    assert [(error.row, error.line, error.column, error.code) for error in report.errors] == [
        (1, 2, None, "not-found"),
        (2, 3, None, "not-found"),
        (3, 4, None, "not-found"),
    ]
    assert report.errors[0].message == "there is no pipeline with id 'inbond'; did you mean `inbound`?"


def test_a_known_lead_stays_where_it_is(workspace):
    workspace.imports.csv(THREE, pipeline_id="inbound", stage="won")
    assert counts(workspace.imports.csv(THREE, pipeline_id="inbound", on_duplicate="update")) == (0, 0, 3, 0)
    assert {lead.stage for lead in workspace.leads.each()} == {"won"}


# --- what is known already --------------------------------------------------------------------------------------------

AGAIN = b"Email,First Name,Company\nA@EXAMPLE.COM,Anna,Acme\nb@example.com,,\nd@example.com,Dan,\n"


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("batch_size", [1, 2, 500])
@pytest.mark.parametrize(
    ("policy", "expected", "ann"),
    [
        (OnDuplicate.SKIP, (1, 0, 2, 0), "Ann"),
        ("update", (1, 1, 1, 0), "Anna"),
        (OnDuplicate.FAIL, (1, 0, 0, 2), "Ann"),
    ],
)
def test_a_lead_that_is_known_is_skipped_updated_or_refused(policy, expected, ann, batch_size, dry_run, workspace):
    workspace.imports.csv(THREE)
    report = workspace.imports.csv(AGAIN, on_duplicate=policy, batch_size=batch_size, dry_run=dry_run)
    assert counts(report) == expected
    known = {str(lead.email).lower(): lead.first_name for lead in workspace.leads.each()}
    assert known["a@example.com"] == ("Ann" if dry_run else ann)
    assert len(known) == (3 if dry_run else 4)


def test_what_is_refused_names_the_lead_that_is_known(workspace):
    workspace.imports.csv(THREE)
    known = workspace.leads.list(search="a@example.com").items[0]
    (error, *_) = workspace.imports.csv(THREE, on_duplicate="fail").errors
    assert (error.code, error.message) == (
        "duplicate-lead",
        f"a lead with the same email exists already: `{known.id}`",
    )


@pytest.mark.parametrize("policy", list(OnDuplicate))
def test_the_same_file_twice_creates_nothing(policy, workspace):
    data = b"ID,Email,Phone,Size\n1,a@example.com,,5\n2,,,\n,b@example.com,,\n,,+1 555 0100,\n"
    assert counts(workspace.imports.csv(data, on_duplicate=policy)) == (4, 0, 0, 0)
    again = workspace.imports.csv(data, on_duplicate=policy)
    assert (again.created, again.updated) == (0, 0)
    assert workspace.leads.count() == 4
    assert {lead.version for lead in workspace.leads.each()} == {1}


def test_leads_are_matched_by_external_id_before_their_address(workspace):
    workspace.leads.create(email="a@example.com", external_id="1", first_name="Ann")
    workspace.leads.create(email="b@example.com", external_id="2", first_name="Bob")
    data = b"ID,Email,First Name\n2,a@example.com,Robert\n"
    assert counts(workspace.imports.csv(data, on_duplicate="update")) == (0, 1, 0, 0)
    by_id = {lead.external_id: (lead.email, lead.first_name) for lead in workspace.leads.each()}
    assert by_id == {"1": ("a@example.com", "Ann"), "2": ("a@example.com", "Robert")}


def test_a_lead_that_is_known_by_its_address_takes_an_external_id_once(workspace):
    workspace.leads.create(email="a@example.com")
    data = b"ID,Email\n1,a@example.com\n2,A@example.com\n"
    assert counts(workspace.imports.csv(data, on_duplicate="update")) == (0, 2, 0, 0)
    (lead,) = workspace.leads.each()
    assert (lead.external_id, lead.email) == ("1", "A@example.com")


@pytest.mark.parametrize("batch_size", [1, 2, 500])
@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("policy", "expected"), [("skip", (1, 0, 3, 0)), ("update", (1, 2, 1, 0)), ("fail", (1, 0, 0, 3))]
)
def test_a_person_who_stands_in_the_file_several_times_is_one_lead(policy, expected, dry_run, batch_size, workspace):
    # The address is written in another way in the third row, and back again in the fourth.
    data = b"Email,First Name\na@example.com,Ann\na@example.com,Ann\nA@Example.com,Ann\na@example.com,Ann\n"
    report = workspace.imports.csv(data, on_duplicate=policy, dry_run=dry_run, batch_size=batch_size)
    assert counts(report) == expected
    assert workspace.leads.count() == (0 if dry_run else 1)


def test_in_a_dry_run_a_row_is_refused_for_an_earlier_one(workspace):
    data = b"ID,Email\n1,a@example.com\n1,b@example.com\n"
    report = workspace.imports.csv(data, on_duplicate="fail", dry_run=True)
    assert [(error.row, error.message) for error in report.errors] == [
        (2, "a lead with the same externalId exists already: `an earlier row`")
    ]


def test_a_converted_lead_is_left_alone(workspace):
    lead = workspace.leads.create(email="a@example.com", first_name="Ann")
    workspace.leads.qualify(lead.id)
    workspace.leads.convert(lead.id)
    same = b"Email,First Name\na@example.com,Ann\n"
    other = b"Email,First Name\na@example.com,Anna\nb@example.com,Bob\n"
    assert counts(workspace.imports.csv(same, on_duplicate="update")) == (0, 0, 1, 0)
    for dry_run in (True, False):
        report = workspace.imports.csv(other, on_duplicate="update", dry_run=dry_run)
        assert counts(report) == (1, 0, 0, 1)
        assert (report.errors[0].row, report.errors[0].code) == (1, "invalid-transition")


def test_a_deleted_lead_is_known_no_more(workspace):
    workspace.imports.csv(THREE)
    workspace.leads.delete(workspace.leads.list(search="a@example.com").items[0].id)
    assert counts(workspace.imports.csv(THREE)) == (1, 0, 2, 0)


def test_leads_of_another_organisation_are_not_known():
    kit = lk.LeadKit.open("memory:")
    kit.workspace(org="acme", actor="user-7").imports.csv(THREE)
    assert counts(kit.workspace(org="bolt", actor="user-7").imports.csv(THREE)) == (3, 0, 0, 0)


# --- what is told -----------------------------------------------------------------------------------------------------

SOME_BAD = b"Email,First Name\na@example.com,Ann\nbob,Bob\nc@example.com,Cleo\ndan,=Dan\n"


def test_rows_that_fail_go_to_the_error_file_and_come_back_mended(workspace, tmp_path):
    path = tmp_path / "errors.csv"
    report = workspace.imports.csv(SOME_BAD, error_file=path)
    assert counts(report) == (2, 0, 0, 2)
    text = path.read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        "Email,First Name,leadkit_row,leadkit_column,leadkit_error",
        "bob,Bob,2,Email,expected an e-mail address such as alice@example.com",
        "dan,'=Dan,4,Email,expected an e-mail address such as alice@example.com",
    ]
    assert list(tmp_path.iterdir()) == [path]
    path.write_text(text.replace("dan,", "dan@example.com,"), encoding="utf-8")
    assert counts(workspace.imports.csv(path, error_file=path)) == (1, 0, 0, 1)
    assert people(workspace)["dan@example.com"] == "=Dan"
    assert path.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "bob,Bob,1,Email,expected an e-mail address such as alice@example.com"
    ]


def test_rows_that_fail_may_go_to_a_stream(workspace):
    stream = io.StringIO()
    workspace.imports.csv(SOME_BAD, error_file=stream)
    assert stream.getvalue().count("\r\n") == 3
    assert not stream.closed


def test_what_is_known_already_may_go_to_the_error_file(workspace):
    stream = io.StringIO()
    workspace.imports.csv(THREE)
    workspace.imports.csv(THREE, on_duplicate="fail", error_file=stream)
    assert (
        stream.getvalue().splitlines()[1].startswith("a@example.com,Ann,1,,a lead with the same email exists already: ")
    )


def test_where_no_row_fails_there_is_no_error_file(workspace, tmp_path):
    workspace.imports.csv(THREE, error_file=str(tmp_path / "errors.csv"))
    stream = io.StringIO()
    workspace.imports.csv(THREE, error_file=stream)
    assert (list(tmp_path.iterdir()), stream.getvalue()) == ([], "")


def test_an_import_that_ends_early_keeps_the_errors_so_far(workspace, tmp_path):
    def stop(progress):
        if progress.report.rows == 2:
            raise KeyboardInterrupt

    path = tmp_path / "errors.csv"
    with pytest.raises(KeyboardInterrupt):
        workspace.imports.csv(SOME_BAD, error_file=path, batch_size=1, progress=stop)
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].startswith("bob,Bob,2,")


def test_a_report_keeps_the_first_errors(workspace):
    assert [error.row for error in workspace.imports.csv(SOME_BAD, keep_errors=1).errors] == [2]
    assert workspace.imports.csv(SOME_BAD, keep_errors=0).errors == ()
    assert workspace.imports.csv(SOME_BAD, keep_errors=0).failed == 2
    bad = b"Email\n" + b"x\n" * 150
    assert len(workspace.imports.csv(bad).errors) == 100


def test_progress_is_told_after_each_batch(workspace, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(THREE)
    told = []
    report = workspace.imports.csv(path, batch_size=2, progress=told.append)
    assert [(progress.report.rows, progress.read, progress.size) for progress in told] == [
        (2, len(THREE), len(THREE)),
        (3, len(THREE), len(THREE)),
    ]
    assert told[-1].report == report
    workspace.imports.csv(io.BytesIO(THREE), progress=told.append)
    assert told[-1].size is None


def test_progress_goes_on_while_a_large_file_is_read(workspace):
    data = b"Email,Notes\n" + b"".join(b"a%d@example.com,%s\n" % (n, b"x" * 900) for n in range(2_000))
    told = []
    workspace.imports.csv(data, progress=told.append, dry_run=True)
    read = [progress.read for progress in told]
    assert read == sorted(read)
    assert read[0] < read[-1] == len(data) > 1024 * 1024
    assert told[0].size == len(data)


def test_a_dry_run_says_that_it_is_one(workspace):
    report = workspace.imports.csv(THREE, dry_run=True)
    assert (report.dry_run, counts(report), workspace.leads.count()) == (True, (3, 0, 0, 0), 0)
    assert workspace.imports.csv(THREE).dry_run is False


def test_each_new_lead_has_one_event(workspace):
    workspace.imports.csv(THREE)
    workspace.imports.csv(AGAIN, on_duplicate="update")
    history = {
        str(lead.email).lower(): [event.type for event in workspace.leads.history(lead.id)]
        for lead in workspace.leads.each()
    }
    assert history == {
        "a@example.com": ["lead.created", "lead.updated"],
        "b@example.com": ["lead.created"],
        "c@example.com": ["lead.created"],
        "d@example.com": ["lead.created"],
    }


# --- what goes wrong meanwhile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("for_ever", [False, True])
def test_an_import_that_was_interrupted_is_run_again_and_loses_and_doubles_nothing(for_ever):
    data = b"Email,First Name\n" + b"".join(b"a%d@example.com,P%d\n" % (n, n) for n in range(7))
    store = MemoryStore()
    calls = CallCounter()
    workspace = lk.LeadKit(FaultyStore(store, calls)).workspace(org="acme", actor="user-7")
    workspace.imports.csv(data, batch_size=2)
    total = calls.calls
    assert total > 8
    for k in range(1, total + 1):
        store = MemoryStore()
        faulty = lk.LeadKit(FaultyStore(store, CallCounter(fail_at=k, for_ever=for_ever)))
        with pytest.raises(StoreUnavailable):
            faulty.workspace(org="acme", actor="user-7").imports.csv(data, batch_size=2)
        healthy = lk.LeadKit(store).workspace(org="acme", actor="user-7")
        kept = healthy.leads.count()
        assert kept % 2 == 0
        assert counts(healthy.imports.csv(data, batch_size=2)) == (7 - kept, 0, kept, 0)
        assert len(people(healthy)) == healthy.leads.count() == 7
        assert all(len(healthy.leads.history(lead.id)) == 1 for lead in healthy.leads.each())


class Contended(MemoryStore):
    """Its first commits lose a race."""

    def __init__(self, lost):
        super().__init__()
        self.lost = lost

    def unit_of_work(self, org):
        work = super().unit_of_work(org)
        commit = work.commit

        def contended():
            if self.lost:
                self.lost -= 1
                raise ConcurrencyConflict(kind="lead", id="x", expected=1, found=2)
            commit()

        work.commit = contended
        return work


def test_a_batch_that_lost_a_race_begins_anew():
    workspace = lk.LeadKit(Contended(4)).workspace(org="acme", actor="user-7")
    assert counts(workspace.imports.csv(THREE)) == (3, 0, 0, 0)
    assert workspace.leads.count() == 3


def test_a_batch_that_keeps_losing_is_given_up():
    store = Contended(5)
    workspace = lk.LeadKit(store).workspace(org="acme", actor="user-7")
    with pytest.raises(ConcurrencyConflict):
        workspace.imports.csv(THREE)
    assert (store.lost, workspace.leads.count()) == (0, 0)


def test_an_import_may_be_part_of_a_unit_of_work(workspace):
    def import_and_fail():
        with workspace.unit_of_work() as work:
            assert counts(work.imports.csv(THREE, batch_size=1)) == (3, 0, 0, 0)
            message = "everything is undone"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="everything is undone"):
        import_and_fail()
    assert workspace.leads.count() == 0
    with workspace.unit_of_work() as work:
        work.imports.csv(THREE, batch_size=1)
    assert workspace.leads.count() == 3


# --- contacts ---------------------------------------------------------------------------------------------------------


def converted(workspace, email):
    lead = workspace.leads.create(email=email)
    workspace.leads.qualify(lead.id)
    return workspace.leads.convert(lead.id).contact_id


def test_contacts_become_leads_once(workspace):
    ids = [converted(workspace, f"{name}@example.com") for name in "ab"]
    report = workspace.imports.contacts([*ids, "nobody", ids[0]], pipeline_id="inbound", stage="won")
    assert counts(report) == (2, 0, 1, 1)
    assert [(error.row, error.line, error.value, error.code) for error in report.errors] == [
        (3, 3, "nobody", "not-found")
    ]
    assert sorted(lead.origin_contact_id for lead in workspace.leads.list(pipeline_id="inbound").items) == sorted(ids)
    assert {lead.stage for lead in workspace.leads.list(pipeline_id="inbound").items} == {"won"}
    assert counts(workspace.imports.contacts(ids, pipeline_id="inbound")) == (0, 0, 2, 0)


def test_no_contacts_make_no_leads(workspace):
    report = workspace.imports.contacts([])
    assert (report.rows, report.dry_run, report.ignored) == (0, False, ())


def test_a_contact_is_not_made_a_lead_in_a_pipeline_that_does_not_exist(workspace):
    contact = converted(workspace, "a@example.com")
    report = workspace.imports.contacts([contact], pipeline_id="nowhere")
    assert (counts(report), report.errors[0].code) == ((0, 0, 0, 1), "not-found")


# --- what no file may write -------------------------------------------------------------------------------------------


def test_columns_called_like_protected_fields_write_none_of_them(workspace):
    data = b"Email,Status,Score,Assigned To,Qualified At\na@example.com,converted,99,user-9,2026-11-24\n"
    workspace.imports.csv(data)
    (lead,) = workspace.leads.each()
    assert (lead.status.value, lead.score, lead.assigned_to, lead.qualified_at) == ("new", None, None, None)
    assert lead.properties == {
        "status": "converted",
        "score": 99,
        "assigned_to": "user-9",
        "qualified_at": "2026-11-24",
    }


@pytest.mark.parametrize("field", sorted(PROTECTED.keys() - {"pipeline_id", "stage"}))
@pytest.mark.parametrize("part", ["columns", "constants"])
def test_a_mapping_to_a_protected_field_is_refused_by_name(field, part, workspace):
    mapping = {"columns": {"Email": "email"}}
    mapping.setdefault(part, {}).update({"First Name": field} if part == "columns" else {field: "x"})
    with pytest.raises(InvalidInput, match=f"`{field}`") as refused:
        workspace.imports.csv(THREE, mapping=mapping)
    assert [fault.code for fault in refused.value.faults] == ["protected-field"]
    assert workspace.leads.count() == 0
