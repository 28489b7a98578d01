"""The shims (tests/shim_*.c): compiled when first asked for, and a program run with one of them preloaded."""
import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time

from story import CANVASS, ROOT

_folder = None


def built(name):
    """The compiled shim; skipping is up to who calls: None where there is no compiler."""
    global _folder
    compiler = shutil.which(os.environ.get("CC", "cc").split()[-1]) or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return None
    if not _folder:
        _folder = tempfile.mkdtemp(prefix="canvass-shim-")
        atexit.register(shutil.rmtree, _folder, True)
    path = os.path.join(_folder, name + ".so")
    if not os.path.exists(path):
        subprocess.run([compiler, "-std=gnu17", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", path,
                        os.path.join(ROOT, "tests", name + ".c")], check=True)
    return path


def preloaded(name, **settings):
    """The environment in which a program runs under a shim."""
    env = dict(os.environ)
    env["LD_PRELOAD"] = built(name)
    # A preloaded library is always before the sanitizer's; the shims do not mind.
    env["ASAN_OPTIONS"] = ":".join(filter(None, [env.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
    env.update({key: str(value) for key, value in settings.items() if value is not None})
    return env


def begin(*args, env=None, cwd=ROOT):
    """canvass, begun: not waited for."""
    return subprocess.Popen([CANVASS, *args], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process, timeout=120):
    """(exit code, stdout, stderr); a code below 0 is the signal that ended it."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def is_stopped(process):
    """Waits until the process has stopped itself: True; False: it has ended."""
    while process.poll() is None:
        with open("/proc/%d/stat" % process.pid) as file:
            if file.read().rsplit(")", 1)[1].split()[0] == "T":
                return True
        time.sleep(0.005)
    return False


def go_on(process):
    process.send_signal(signal.SIGCONT)
