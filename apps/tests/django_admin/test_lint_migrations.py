import pytest
from lint_migrations import Sql, find_faults, main, read_migrations

LIMITS = "set lock_timeout = '4s'; set statement_timeout = '120s';\n"


def test_our_migrations_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), capsys.readouterr().out.splitlines()[-1].endswith(", 0 faults")) == (0, True)


def test_every_migration_is_read_as_it_runs() -> None:
    by_name = {migration.name: migration.sql for migration in read_migrations()}
    assert 'CREATE TABLE "account"' in by_name["accounts.0001_user"]
    assert by_name["accounts.0004_profile"].startswith("set lock_timeout = '4s';")
    assert "begin;" in by_name["accounts.0004_profile"]
    assert "begin;" not in by_name["items.0005_title_search"]
    assert [name for name, sql in by_name.items() if "CANNOT BE WRITTEN AS SQL" in sql] == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("create index item_title on item (title);", "require-concurrent-index-creation"),
        ("alter table item add column size bigint not null;", "adding-required-field"),
        ("alter table item drop column title;", "ban-drop-column"),
        ("alter table item rename column title to name;", "renaming-column"),
        ("alter table item alter column title type text;", "changing-column-type"),
        ("alter table item alter column owner_id set not null;", "adding-not-nullable-field"),
        (
            "alter table item add constraint one check (title <> 'x');",
            "constraint-missing-not-valid",
        ),
    ],
)
def test_a_wrong_migration_is_named_with_the_rule(statement: str, rule: str) -> None:
    faults = list(find_faults([Sql("items.0099_wrong", f"{LIMITS}begin;\n{statement}\ncommit;")]))
    assert [fault for fault in faults if fault.startswith(f"items.0099_wrong: {rule}: ")] != [], faults


def test_a_rule_that_is_broken_on_purpose_is_named_and_not_in_vain() -> None:
    drop = f"{LIMITS}begin;\nalter table item drop column title;\ncommit;"
    assert list(find_faults([Sql("a.0001_x", drop, ["ban-drop-column"])])) == []
    assert list(find_faults([Sql("a.0001_x", LIMITS, ["ban-drop-column"])])) == [
        "a.0001_x: squawk_ignore names ban-drop-column, which it does not break"
    ]
