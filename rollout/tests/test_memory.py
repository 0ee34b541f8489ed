from pathlib import Path

import pytest

from rollout.memory import free_memory_mb

MIB = 1 << 20
UNLIMITED_V1 = "9223372036854771712"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "meminfo").write_text("MemTotal:  4096000 kB\nMemAvailable:  2048000 kB\nHugePages_Total: 0\n")
    return tmp_path


def group(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_a_plain_machine_has_what_the_kernel_says(proc: Path, tmp_path: Path) -> None:
    assert free_memory_mb(proc, tmp_path / "none") == 2000


def test_a_limit_of_the_machine_counts_and_page_cache_is_free(proc: Path, tmp_path: Path) -> None:
    stat = f"total_cache {300 * MIB}\ntotal_shmem {100 * MIB}\n"
    limit, usage = str(1024 * MIB), str(700 * MIB)
    group(tmp_path / "g/memory", {"memory.limit_in_bytes": limit, "memory.usage_in_bytes": usage, "memory.stat": stat})
    assert free_memory_mb(proc, tmp_path / "g") == 1024 - (700 - 300 + 100)


def test_a_limit_of_the_second_version_counts_too(proc: Path, tmp_path: Path) -> None:
    stat = f"anon 1\nfile {50 * MIB}\nshmem 0\n"
    group(tmp_path / "g", {"memory.max": str(512 * MIB), "memory.current": str(150 * MIB), "memory.stat": stat})
    assert free_memory_mb(proc, tmp_path / "g") == 412


def test_no_limit_leaves_the_kernels_word(proc: Path, tmp_path: Path) -> None:
    stat = "total_cache 0\ntotal_shmem 0\n"
    files = {"memory.limit_in_bytes": UNLIMITED_V1, "memory.usage_in_bytes": "1", "memory.stat": stat}
    group(tmp_path / "g/memory", files)
    group(tmp_path / "h", {"memory.max": "max\n", "memory.current": "1", "memory.stat": "file 0\nshmem 0\n"})
    assert free_memory_mb(proc, tmp_path / "g") == 2000
    assert free_memory_mb(proc, tmp_path / "h") == 2000
