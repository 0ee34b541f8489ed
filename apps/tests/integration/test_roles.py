import psycopg
import pytest

from apps.tests.stack import PASSWORDS, ROLES_SQL, Postgres

pytestmark = pytest.mark.docker
ROLES = ("owner", "django", "api")


def connect(postgres: Postgres, role: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(postgres.url(role), autocommit=True, connect_timeout=5)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_in_with_the_password_of_its_file(database: Postgres, role: str) -> None:
    with connect(database, role) as connection:
        assert connection.execute("select current_user::text").fetchone() == (f"slipway_{role}",)


def test_no_role_has_a_power_over_the_server(database: Postgres) -> None:
    powers = "rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls"
    roles = dict(database.sql(f"select rolname::text, {powers} from pg_roles"))  # noqa: S608 -- a constant
    assert roles["postgres"] is True
    assert {name: roles[name] for name in roles if name.startswith("slipway")} == {
        "slipway_api": False,
        "slipway_django": False,
        "slipway_owner": False,
    }


def test_running_it_again_changes_nothing_and_mends_a_password(database: Postgres) -> None:
    privileges = "select datacl::text from pg_database union all select relacl::text from pg_class order by 1"
    before = database.sql(privileges)
    database.sql("alter role slipway_api password 'another'")
    with pytest.raises(psycopg.OperationalError):
        connect(database, "api")
    database.apply_roles()
    connect(database, "api").close()
    assert database.sql(privileges) == before


def test_no_password_reaches_the_output_or_the_servers_log(database: Postgres) -> None:
    database.sql("alter system set log_statement = 'all'", "postgres")
    database.sql("select pg_reload_conf()", "postgres")
    try:
        output = database.apply_roles()
    finally:
        database.sql("alter system reset log_statement", "postgres")
        database.sql("select pg_reload_conf()", "postgres")
    written = output + database.container.logs()
    assert [name for name, password in PASSWORDS.items() if password in written or f"{name} p'" in written] == []


def test_a_missing_password_file_is_an_error_that_says_so(database: Postgres) -> None:
    script = ROLES_SQL.read_text(encoding="utf-8").replace("/run/secrets/api_password", "/run/secrets/nothing")
    with pytest.raises(AssertionError, match="must each be a non-empty file"):
        database.container.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", "-", user="postgres", stdin=script)


def test_django_writes_rows_but_makes_no_tables(database: Postgres) -> None:
    with connect(database, "django") as connection:
        connection.execute("insert into item (title) values ('one')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("alter table item add column more text")


def test_the_api_connects_to_no_other_database(database: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(database.url("api", "postgres"), connect_timeout=5)
