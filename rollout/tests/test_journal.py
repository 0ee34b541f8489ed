"""The journal can be read after any crash."""

from pathlib import Path

from rollout.journal import Journal


def test_a_run_without_an_end_is_unfinished(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append("begin", "r1", verb="apply", release="new", serving="old", before=None)
    journal.append("start", "r1", step="images")
    journal.append("done", "r1", step="images", seconds=1.0)
    journal.append("start", "r1", step="stage")
    run = journal.unfinished()
    assert run is not None
    assert (run.release, run.serving, run.to_undo()) == ("new", "old", ["stage", "images"])
    journal.append("undone", "r1", step="stage")
    again = journal.unfinished()
    assert again is not None
    assert again.to_undo() == ["images"]
    journal.append("end", "r1", outcome="settled back")
    assert journal.unfinished() is None


def test_a_line_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append("begin", "r1", verb="apply", release="new", serving=None, before=None)
    with journal.path.open("a") as stream:
        stream.write('{"run": "r1", "event": "sta')
    journal.append("end", "r1", outcome="done")
    assert [run.outcome for run in journal.runs()] == ["done"]
