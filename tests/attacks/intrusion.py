"""Attacks that want to get somewhere: files, processes, networks, the kernel."""

from bot.runner.model import Outcome
from bot.runner.protocol import recorder_frames as frames
from tests.attacks.catalogue import Attack, stopped, survived

FORGE = (
    "import struct\n"
    f"head = struct.Struct({frames.HEADER.format!r})\n"
    "def forge(kind, small=0, lane=0, payload=b'', at=None):\n"
    "    at = time.perf_counter_ns() if at is None else at\n"
    f"    return head.pack({frames.MARK}, kind, small, len(payload), lane, 0, 0, at) + payload\n"
    f"end = forge({frames.ENDED}, {frames.FINE}, 0, bytes({frames.REPORT.size}))\n"
)
"""Frames as the recorder makes them, for a scenario that pretends to be it."""
CRASHED, ERROR = Outcome.CRASHED, Outcome.ERROR

FILES = (
    survived(
        "writes",
        "import pathlib\n"
        "home = pathlib.Path(sys.argv[0])\n"
        "for folder in ('/', '/etc', '/tmp', '/var/tmp', '/dev/shm', '/run', '/root', '/home',"
        " '@ROOT@', '@ROOT@/lessons', '@VENV@', '@SCRATCH@', '.', '/proc/self'):\n"
        "    for mode in ('w', 'a', 'x', 'r+'):\n"
        "        attempt(f'{mode} {folder}', lambda: open(folder + '/sandbox-was-here', mode))\n"
        "    attempt('mkdir ' + folder, lambda: os.mkdir(folder + '/sandbox-was-here'))\n"
        "    attempt('symlink', lambda: os.symlink('/etc', folder + '/sandbox-was-here'))\n"
        "    attempt('mkfifo', lambda: os.mkfifo(folder + '/sandbox-was-here'))\n"
        "    attempt('mknod', lambda: os.mknod(folder + '/sandbox-was-here'))\n"
        "    attempt('tmpfile', lambda: os.open(folder, 0o20200002))\n",
    ),
    survived(
        "changes",
        "victim = '@SCRATCH@/victim'\n"
        "for name, step in {\n"
        "    'append': lambda: open(victim, 'a'),\n"
        "    'truncate': lambda: os.truncate(victim, 0),\n"
        "    'unlink': lambda: os.unlink(victim),\n"
        "    'rename': lambda: os.rename(victim, victim + '2'),\n"
        "    'link': lambda: os.link(victim, victim + '2'),\n"
        "    'chmod': lambda: os.chmod(victim, 0o777),\n"
        "    'chown': lambda: os.chown(victim, 1, 1),\n"
        "    'utime': lambda: os.utime(victim, (0, 0)),\n"
        "    'setxattr': lambda: os.setxattr(victim, 'user.x', b'x'),\n"
        "    'rmdir': lambda: os.rmdir('@SCRATCH@/empty'),\n"
        "    'chdir': lambda: os.chdir('@SCRATCH@'),\n"
        "    'chroot': lambda: os.chroot('@SCRATCH@'),\n"
        "    'umask': lambda: os.umask(0),\n"
        "}.items():\n    attempt(name, step)\n",
    ),
    survived(
        "reads",
        "parent = os.getppid()\n"
        "for path in ('/etc/passwd', '/etc/shadow', '/etc/hostname', '/proc/1/environ',"
        " '/proc/self/environ', '/proc/self/maps', '/proc/self/mem', '/proc/self/status',"
        " '/proc/meminfo', '/proc/cpuinfo', '/proc/version', f'/proc/{parent}/environ',"
        " f'/proc/{parent}/maps', f'/proc/{parent}/mem', f'/proc/{parent}/cmdline',"
        " f'/proc/{parent}/fd/4', '/dev/mem', '/dev/kmsg', '/dev/tty', '/dev/zero',"
        " '/sys/kernel/vmcoreinfo', '/root/.bash_history', '/root/.ssh/id_rsa',"
        " '@ROOT@/pyproject.toml', '@ROOT@/bot/app.py', '@ROOT@/bot/runner/guest/fork_server.py',"
        " '@ROOT@/.env', '@ROOT@/lessons/gather.yaml', '@SCRATCH@/victim',"
        " '@SITE@/pydantic/__init__.py'):\n"
        "    attempt(path, lambda: open(path, 'rb').read(1))\n"
        "    attempt('O_PATH ' + path, lambda: os.open(path, 0o10000000))\n"
        "for path in ('/', '/etc', '/proc', '/tmp', '/root', '@ROOT@', '@ROOT@/bot', '/dev',"
        " '/sys', '/proc/self/fd', '/proc/self/task', '@SITE@'):\n"
        "    attempt('list ' + path, lambda: os.listdir(path))\n"
        "for name in ('pydantic', 'bot.settings', 'bot.app', 'bot.runner.host.local'):\n"
        "    attempt('import ' + name, lambda: __import__(name))\n",
    ),
    survived(
        "what_is_installed",
        "import importlib, sysconfig\n"
        "library = os.path.dirname(os.__file__)\n"
        "for folder in (library, library + '/site-packages', library + '/dist-packages',"
        " os.path.dirname(library), '/usr/lib/python3/dist-packages', '@SITE@', sys.prefix):\n"
        "    attempt('list ' + folder, lambda: os.listdir(folder))\n"
        "    attempt('scan ' + folder, lambda: list(os.scandir(folder))[:3])\n"
        "importlib.invalidate_caches()\n"
        "import csv, xml.dom.minidom, wsgiref.util\n"
        "attempt('pip', lambda: __import__('pip'))\n",
    ),
    survived(
        "disk",
        "attempt('sparse', lambda: os.truncate('/tmp/sandbox-was-here', 2 ** 50))\n"
        "attempt('fallocate', lambda: os.posix_fallocate(1, 0, 2 ** 40))\n"
        "attempt('ftruncate', lambda: os.ftruncate(1, 2 ** 50))\n"
        "import tempfile\n"
        "attempt('temporary file', tempfile.TemporaryFile)\n"
        "attempt('temporary folder', tempfile.mkdtemp)\n"
        "def deep():\n"
        "    for _ in range(1000):\n"
        "        os.mkdir('/tmp/sandbox-was-here')\n        os.chdir('/tmp/sandbox-was-here')\n"
        "attempt('deep folders', deep)\n",
    ),
    survived(
        "environment",
        "print(dict(os.environ))\n"
        "if os.environ: print('REACHED', dict(os.environ))\n"
        "environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')\n"
        "if environ and environ[0]: print('REACHED', environ[0])\n"
        "import gc\n"
        "token = 'hunter2' * 1 + '-' + 'hunter2'\n"
        "for one in gc.get_objects():\n"
        "    if isinstance(one, dict) and token in map(str, list(one.values())[:50]):\n"
        "        if one is not globals(): print('REACHED', list(one)[:3])\n",
    ),
    survived(
        "inherited_descriptors",
        "found = []\n"
        "for one in range(1024):\n"
        "    try: os.fstat(one)\n"
        "    except OSError: continue\n"
        "    found.append(one)\n"
        "if found != [0, 1, 2, 3]: print('REACHED', found)\n"
        "attempt('read of stdout', lambda: os.read(1, 1))\n"
        "attempt('read of the recorder', lambda: os.read(3, 1))\n"
        "attempt('read of nothing', lambda: 1 / len(os.read(0, 1)))\n",
    ),
)

PROCESSES = (
    survived(
        "others_descriptors_and_clocks",
        # Which threads others have can be seen by stat(2), which no layer denies, unless /proc is
        # covered: only a bot with the right to mount can do that. SECURITY.md says so.
        "folders = ['fd', 'fdinfo', 'map_files']\n"
        "if not os.path.lexists('/proc/self'): folders.append('task')\n"
        "def count(pid):\n"
        "    for number in [*range(64), pid]:\n"
        "        for folder in folders:\n"
        "            try: os.lstat(f'/proc/{pid}/{folder}/{number}')\n"
        "            except OSError: continue\n"
        "            print('REACHED', pid, folder, number)\n"
        "for pid in (os.getppid(), @BOT@):\n"
        "    count(pid)\n"
        "    for link in ('exe', 'cwd', 'root', 'fd/0', 'ns/pid'):\n"
        "        attempt(link, lambda: os.readlink(f'/proc/{pid}/{link}'))\n"
        "    for clock in (0, 1, 2):\n"
        "        attempt('clock', lambda: time.clock_gettime(~pid << 3 | clock))\n"
        "        attempt('resolution', lambda: time.clock_getres(~pid << 3 | clock))\n"
        "call('sysinfo', 99, 179, ctypes.create_string_buffer(256))\n"
        "import threading\n"
        "own = time.pthread_getcpuclockid(threading.get_ident())\n"
        "assert time.clock_gettime(own) > 0 and time.process_time() > 0\n",
    ),
    survived(
        "others_sleep",
        "library = os.open(os.__file__, os.O_RDONLY)\n"
        "libc.mmap.restype = ctypes.c_void_p\n"
        "for kind in (1, 2):\n"  # a shared map and a private one lead to the same page
        "    page = libc.mmap(None, ctypes.c_size_t(4096), 1, kind, library, ctypes.c_long(0))\n"
        "    at = ctypes.c_void_p(page)\n"
        "    for name, operation in {'wake': 1, 'requeue': 3, 'compare': 4, 'wake_op': 5,"
        " 'lock_pi': 6, 'unlock_pi': 7, 'bitset': 10, 'requeue_pi': 12}.items():\n"
        "        call(name, 202, 98, at, operation, 100, 100, at, -1)\n"
        "    call('futex_wake', 454, 454, at, -1, 100, 2)\n"
        "    for name, advice in {'remove': 9, 'mergeable': 12, 'cold': 20, 'pageout': 21,"
        " 'poison': 100}.items():\n"
        "        call(name, 28, 233, at, 4096, advice)\n"
        "call('robust', 273, 99, ctypes.create_string_buffer(24), 24)\n"
        "call('tid address', 218, 96, ctypes.create_string_buffer(8))\n"
        "call('membarrier', 324, 283, 1, 0, 0)\n",
    ),
    survived(
        "priorities",
        "attempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, 0, 5))\n"
        "attempt('of others', lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19))\n"
        "call('ioprio_set', 251, 30, 1, 0, 0)\n"
        "call('sched_setscheduler', 144, 119, 0, 5, ctypes.create_string_buffer(8))\n"
        "call('sched_setparam', 142, 118, 0, ctypes.create_string_buffer(8))\n",
    ),
    survived(
        "programs",
        "import subprocess, multiprocessing\n"
        "attempt('subprocess', lambda: subprocess.run(['/bin/true']))\n"
        "attempt('shell', lambda: subprocess.check_output('id', shell=True))\n"
        "if os.system('touch /tmp/sandbox-was-here') == 0: print('REACHED system')\n"
        "attempt('posix_spawn', lambda: os.posix_spawn('/bin/true', ['true'], {}))\n"
        "attempt('execv', lambda: os.execv('/bin/true', ['true']))\n"
        "attempt('execv of itself', lambda: os.execv(sys.executable, ['python', '-c', '']))\n"
        "call('execveat', 322, 281, -100, b'/bin/true', 0, 0, 0)\n"
        "attempt('multiprocessing', lambda: multiprocessing.Process(target=print).start())\n"
        "import asyncio\n"
        "attempt('asyncio', lambda: asyncio.run(asyncio.create_subprocess_exec('/bin/true')))\n",
    ),
    survived(
        "daemon",
        "attempt('setsid', os.setsid)\n"
        "attempt('setpgid', lambda: os.setpgid(0, os.getppid()))\n"
        "def twice():\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0: time.sleep(60)\n"
        "attempt('double fork', twice)\n",
    ),
    survived(
        "kills",
        "me, parent = os.getpid(), os.getppid()\n"
        "for target in (-1, 0, 1, 2, parent, -parent, -me, @BOT@, me - 1, me + 1):\n"
        "    for number in (0, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):\n"
        "        attempt(f'kill {target} {number}', lambda: os.kill(target, number))\n"
        "for target in (0, 1, parent, @BOT@):\n"
        "    attempt(f'killpg {target}', lambda: os.killpg(target, signal.SIGKILL))\n"
        "    call('tkill', 200, 130, target, 9)\n"
        "    call('tgkill', 234, 131, target, target, 9)\n"
        "    call('rt_sigqueueinfo', 129, 138, target, 9, ctypes.create_string_buffer(128))\n"
        "    call('pidfd_open', 434, 434, target, 0)\n"
        "import fcntl\n"
        "attempt('F_SETOWN', lambda: fcntl.fcntl(1, fcntl.F_SETOWN, parent))\n",
    ),
    survived(
        "others_memory",
        "me, parent = os.getpid(), os.getppid()\n"
        "for target in (parent, @BOT@, 1, me - 1, me + 1, me):\n"
        "    call('ptrace attach', 101, 117, 16, target, 0, 0)\n"
        "    call('ptrace seize', 101, 117, 0x4206, target, 0, 0)\n"
        "    call('process_vm_readv', 310, 270, target, 0, 0, 0, 0, 0)\n"
        "    call('process_vm_writev', 311, 271, target, 0, 0, 0, 0, 0)\n"
        "    call('kcmp', 312, 272, target, target, 0, 0, 0)\n"
        "    call('get_robust_list', 274, 100, target, 0, 0)\n"
        "    call('prlimit', 302, 261, target, 7, 0, 0) if target != me else None\n"
        "    attempt('mem', lambda: open(f'/proc/{target}/mem', 'rb'))\n"
        "call('traceme', 101, 117, 0, 0, 0, 0)\n",
    ),
    survived(
        "limits",
        "import resource\n"
        "for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE,"
        " resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):\n"
        "    attempt('setrlimit', lambda: resource.setrlimit(kind, (-1, -1)))\n"
        "    attempt('prlimit', lambda: resource.prlimit(os.getppid(), kind, (0, 0)))\n"
        "attempt('nice', lambda: os.nice(-5))\n"
        "attempt('scheduler', lambda: os.sched_setscheduler(0, os.SCHED_FIFO,"
        " os.sched_param(1)))\n"
        "attempt('affinity', lambda: os.sched_setaffinity(0, {0}))\n"
        "attempt('oom', lambda: open('/proc/self/oom_score_adj', 'w'))\n"
        "for option in (1, 4, 8, 22, 24, 38, 0x59616d61):\n"
        "    call(f'prctl {option}', 157, 167, option, 0, 0, 0, 0)\n"
        "attempt('setuid', lambda: os.setuid(0))\n",
    ),
)

SOCKETS = (
    survived(
        "sockets",
        "import socket\n"
        "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK,"
        " socket.AF_PACKET, socket.AF_VSOCK, socket.AF_ALG):\n"
        "    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW,"
        " socket.SOCK_SEQPACKET):\n"
        "        attempt(f'{family} {kind}', lambda: socket.socket(family, kind))\n"
        "for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):\n"
        "    attempt(f'pair {kind}', lambda: socket.socketpair(socket.AF_UNIX, kind))\n"
        "attempt('server', lambda: socket.create_server(('127.0.0.1', 0)))\n"
        "attempt('connection', lambda: socket.create_connection(('127.0.0.1', 80)))\n"
        "attempt('name', lambda: socket.getaddrinfo('example.org', 80))\n"
        "a, b = socket.socketpair()\n"
        "attempt('abstract', lambda: a.connect('\\0sandbox'))\n"
        "attempt('named', lambda: a.bind('/tmp/sandbox-was-here'))\n"
        "attempt('sendto', lambda: a.sendto(b'x', '\\0sandbox'))\n"
        "attempt('sendmsg', lambda: a.sendmsg([b'x']))\n"
        "attempt('descriptors', lambda: socket.send_fds(a, [b'x'], [1]))\n"
        "a.send(b'x')\nassert b.recv(1) == b'x'\n",
    ),
    survived(
        "asyncio_network",
        "import asyncio\n"
        "async def main():\n"
        "    for name, step in {\n"
        "        'client': asyncio.open_connection('127.0.0.1', 80),\n"
        "        'server': asyncio.start_server(print, '127.0.0.1', 0),\n"
        "        'unix client': asyncio.open_unix_connection('/run/x'),\n"
        "        'unix server': asyncio.start_unix_server(print, '/tmp/sandbox-was-here'),\n"
        "    }.items():\n"
        "        try: got = await step\n"
        "        except OSError as error: print('held', name)\n"
        "        else:\n"  # asyncio makes a server of no sockets where none can be had
        "            if getattr(got, 'sockets', True): print('REACHED', name)\n"
        "asyncio.run(main())\n",
    ),
)

_CALLS = {
    "memfd_create": (319, 279, "b'sandbox', 0"),
    "memfd_secret": (447, 447, "0"),
    "io_uring_enter": (426, 426, "0, 0, 0, 0, 0, 0"),
    "futex_wait": (455, 455, "ctypes.create_string_buffer(8), 0, -1, 2, 0, 1"),
    "futex_requeue": (456, 456, "ctypes.create_string_buffer(64), 0, 1, 1"),
    "futex_waitv": (449, 449, "ctypes.create_string_buffer(64), 1, 0, 0, 1"),
    "process_vm_writev": (311, 271, "0, 0, 0, 0, 0, 0"),
    "kcmp": (312, 272, "1, 1, 0, 0, 0"),
    "migrate_pages": (256, 238, "0, 0, 0, 0"),
    "mbind": (237, 235, "0, 4096, 0, 0, 0, 0"),
    "remap_file_pages": (216, 234, "0, 4096, 0, 0, 0"),
    "mlock": (149, 228, "0, 4096"),
    "mlockall": (151, 230, "1"),
    "pkey_alloc": (330, 289, "0, 0"),
    "cachestat": (451, 451, "0, 0, 0, 0"),
    "statmount": (457, 457, "0, 0, 0, 0"),
    "listmount": (458, 458, "0, 0, 0, 0"),
    "open_tree_attr": (467, 467, "-100, b'/', 1, 0, 0"),
    "move_mount": (429, 429, "0, 0, 0, 0, 0"),
    "mount_setattr": (442, 442, "-100, b'/', 0, 0, 0"),
    "tee": (276, 77, "1, 1, 1, 0"),
    "sync": (162, 81, ""),
    "fallocate": (285, 47, "1, 0, 0, 4096"),
    "ftruncate": (77, 46, "1, 0"),
    "flock": (73, 32, "0, 2"),
    "rt_sigqueueinfo": (129, 138, "os.getpid(), 10, ctypes.create_string_buffer(128)"),
    "pidfd_open": (434, 434, "os.getpid(), 0"),
    "pidfd_send_signal": (424, 424, "0, 0, 0, 0"),
    "set_mempolicy": (238, 237, "0, 0, 0"),
    "lsm_list_modules": (461, 461, "0, 0, 0"),
    "keyctl": (250, 219, "0, 0, 0, 0, 0"),
    "add_key": (248, 217, "0, 0, 0, 0, 0"),
    "bpf": (321, 280, "0, 0, 0"),
    "io_uring_setup": (425, 425, "8, ctypes.create_string_buffer(256)"),
    "userfaultfd": (323, 282, "1"),
    "unshare user": (272, 97, "0x10000000"),
    "unshare net": (272, 97, "0x40000000"),
    "setns": (308, 268, "1, 0"),
    "mount": (165, 40, "0, b'/', 0, 0, 0"),
    "umount": (166, 39, "b'/', 0"),
    "pivot_root": (155, 41, "b'/', b'/'"),
    "open_tree": (428, 428, "-100, b'/', 1"),
    "fsopen": (430, 430, "b'tmpfs', 0"),
    "perf_event_open": (298, 241, "ctypes.create_string_buffer(128), 0, -1, -1, 0"),
    "init_module": (175, 105, "0, 0, b''"),
    "finit_module": (313, 273, "0, b'', 0"),
    "kexec_load": (246, 104, "0, 0, 0, 0"),
    "reboot": (169, 142, "0xfee1dead, 672274793, 0, 0"),
    "swapon": (167, 224, "b'/', 0"),
    "sethostname": (170, 161, "b'x', 1"),
    "personality": (135, 92, "0x0040000"),
    "name_to_handle_at": (303, 264, "-100, b'/', ctypes.create_string_buffer(256), 0, 0"),
    "open_by_handle_at": (304, 265, "-100, ctypes.create_string_buffer(256), 0"),
    "seccomp": (317, 277, "0, 0, 0"),
    "landlock_create_ruleset": (444, 444, "0, 0, 1"),
    "fanotify_init": (300, 262, "0, 0"),
    "inotify_init1": (294, 26, "0"),
    "quotactl": (179, 60, "0, 0, 0, 0"),
    "syslog": (103, 116, "10, 0, 0"),
    "acct": (163, 89, "b'/tmp/sandbox-was-here'"),
    "clock_settime": (227, 112, "0, ctypes.create_string_buffer(16)"),
    "adjtimex": (159, 171, "ctypes.create_string_buffer(256)"),
    "mq_open": (240, 180, "b'sandbox', 0o102, 0o600, 0"),
    "semget": (64, 190, "0, 1, 0o1600"),
    "msgget": (68, 186, "0, 0o1600"),
    "process_madvise": (440, 440, "0, 0, 0, 0, 0"),
    "pidfd_getfd": (438, 438, "0, 0, 0"),
    "vmsplice": (278, 75, "1, 0, 0, 0"),
    "splice": (275, 76, "0, 0, 1, 0, 1, 0"),
    "sendfile": (40, 71, "1, 0, 0, 1"),
    "copy_file_range": (326, 285, "0, 0, 1, 0, 1, 0"),
    "openat2": (437, 437, "-100, b'/', ctypes.create_string_buffer(24), 24"),
    "sched_setattr": (314, 274, "0, ctypes.create_string_buffer(48), 0"),
    "move_pages": (279, 239, "0, 0, 0, 0, 0, 0"),
    "timer_create": (222, 107, "0, 0, ctypes.create_string_buffer(8)"),
    "capset": (126, 91, "ctypes.create_string_buffer(8), ctypes.create_string_buffer(24)"),
}

KERNEL = (
    survived(
        "flags_and_leases",
        "import fcntl\n"
        "usual = fcntl.fcntl(1, fcntl.F_GETFL)\n"
        "for number in range(4):\n"
        "    for name, flag in {'packets': os.O_DIRECT, 'signals': os.O_ASYNC}.items():\n"
        "        attempt(name, lambda: fcntl.fcntl(number, fcntl.F_SETFL, usual | flag))\n"
        "    for name, command in {'owner': 8, 'signal': 10, 'owner_ex': 15, 'lock': 6,"
        " 'open file lock': 37, 'lease': 1024, 'notify': 1026, 'size': 1031, 'seals': 1033,"
        " 'hint': 1036}.items():\n"
        "        attempt(name, lambda: fcntl.fcntl(number, command, 0))\n"
        "    for name, request in {'sti': 0x5412, 'async': 0x5452, 'console': 0x541d,"
        " 'steal': 0x540e, 'flags': 0x80086601, 'dedupe': 0xc0189436,"
        " 'clone': 0x40049409}.items():\n"
        "        attempt(name, lambda: fcntl.ioctl(number, request, bytes(64)))\n"
        "for option in (2, 3, 5, 6, 21, 23, 25, 28, 29, 30, 31, 33, 35, 36, 39, 41, 47, 53, 56, 57,"
        " 59, 62, 65, 67, 0x53564d41):\n"
        "    call(f'prctl {option}', 157, 167, option, 1, 0, 0, 0)\n",
    ),
    survived(
        "addresses_past_the_limit",
        "libc.sbrk.restype = libc.mmap.restype = ctypes.c_void_p\n"
        "failed = ctypes.c_void_p(-1).value\n"
        "attempt('sbrk', lambda: 1 / (libc.sbrk(ctypes.c_long(2 ** 34)) != failed))\n"
        "at = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))\n"
        "call('mremap', 25, 216, ctypes.c_void_p(at), 4096, 2 ** 34, 1)\n"
        "for name, flags in {'reserved': 0x4022, 'downwards': 0x122, 'stack': 0x20022,"
        " 'huge': 0x40022, 'shared': 0x21, 'validated': 0x23, 'locked': 0x2022}.items():\n"
        "    large = name in {'reserved', 'downwards', 'stack'}\n"
        "    size = ctypes.c_size_t(2 ** 34 if large else 4096)\n"
        "    attempt(name, lambda: 1 / (libc.mmap(None, size, 3, flags, -1, ctypes.c_long(0))"
        " != failed))\n",
    ),
    survived(
        "kernel",
        "".join(f"call({name!r}, {i}, {a}, {args})\n" for name, (i, a, args) in _CALLS.items()),
    ),
    stopped("null_pointer", CRASHED, "ctypes.string_at(0)"),
    stopped("abort", CRASHED, "os.abort()"),
    stopped(
        "other_architectures_calls",
        CRASHED,  # getpid by i386's numbers, which no filter for x86_64 would recognise
        "import mmap\n"
        "if ARM: ctypes.string_at(0)\n"
        "page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)\n"
        "page.write(bytes.fromhex('b814000000cd80c3'))\n"
        "at = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "print('REACHED', ctypes.CFUNCTYPE(ctypes.c_long)(at)())",
    ),
    stopped("unbounded_recursion", ERROR, "def again(): again()\nagain()"),
    stopped(
        "unbounded_recursion_without_python_s_limit",
        (ERROR, CRASHED, Outcome.MEMORY),
        "sys.setrecursionlimit(2 ** 31 - 1)\n"
        "class Again:\n    def __repr__(self): return repr(self)\n"
        "repr(Again())",
    ),
    stopped(
        "stack_of_a_thread",
        (ERROR, CRASHED, Outcome.MEMORY, Outcome.OK),
        "import threading\nsys.setrecursionlimit(2 ** 31 - 1)\n"
        "class Again:\n    def __repr__(self): return repr(self)\n"
        "threading.Thread(target=lambda: repr(Again())).start()",
    ),
)

RECORDER = (
    survived("garbage_to_the_recorder", "os.write(3, os.urandom(4096))\nos.write(1, b'over\\n')"),
    survived("closed_recorder", "os.close(3)\nprint('still printed')"),
    stopped(
        "flood_to_the_recorder",
        (Outcome.CPU, Outcome.TIMEOUT, Outcome.EVENTS, ERROR),  # or its pipe is closed
        "while True:\n    try: os.write(3, bytes(4096))\n    except BlockingIOError: pass",
        cpu_seconds=0.2,
        wall_seconds=3,
    ),
    Attack(
        "forged_end",
        FORGE + "print('begun', flush=True)\nos.write(3, end)\nos._exit(0)",
        prints=("begun",),
    ),
    stopped(
        "flood_after_a_forged_end",
        (Outcome.OUTPUT, ERROR, Outcome.CPU),
        FORGE + "os.write(3, end)\nblock = bytes(65536)\nimport threading\n"
        "def flood(number):\n    while True: os.write(number, block)\n"
        "threading.Thread(target=flood, args=(3,), daemon=True).start()\n"
        "flood(1)",
        cpu_seconds=2,
    ),
    *(
        stopped(
            f"endless_{name}",
            (Outcome.EVENTS, Outcome.OUTPUT, ERROR),
            FORGE + f"frame = {frame}\n"
            "os.set_blocking(3, True)\nwhile True: os.write(3, frame * 100)",
        )
        for name, frame in {
            "words": f"forge({frames.WORD}, 0, 1, bytes({frames.WAIT.size}))",
            "pieces": f"forge({frames.LINE}, {frames.UNFINISHED})",
            "states": f"forge({frames.STATE})",
            "marks": f"bytes.fromhex('{frames.MARK_BYTES.hex()}')",
            "nonsense": "bytes([200]) * 64",
        }.items()
    ),
    Attack(
        "forged_time",
        FORGE + "print('begun', flush=True)\n"
        f"for at in (0, 2 ** 64 - 1, 2 ** 63): os.write(3, forge({frames.LINE}, 0, 0, b'x', at))\n"
        "os._exit(0)",
        prints=("begun",),
    ),
    Attack(
        "recorder_replaced",
        "import asyncio, gc, io\n"
        "for name in list(sys.modules):\n"
        "    if name.startswith('bot'): sys.modules[name] = None\n"
        "for one in gc.get_objects():\n"
        "    if type(one).__module__.startswith('bot.runner'):\n"
        "        for key in list(getattr(one, '__dict__', {})):\n"
        "            try: setattr(one, key, None)\n"
        "            except Exception: pass\n"
        "asyncio.Task = asyncio.tasks.Task = None\n"
        "asyncio.BaseEventLoop.create_task = None\n"
        "sys.stdout = io.TextIOWrapper(io.FileIO(1, 'w', closefd=False), write_through=True)\n"
        "sys.stderr = None\nprint('over')\n",
        (Outcome.OK, ERROR),
    ),
    survived(
        "server_found_on_the_stack",
        "frame = sys._getframe()\n"
        "while frame:\n"
        "    for one in list(frame.f_locals.values()):\n"
        "        ours = type(one).__module__.partition('.')[0] in ('bot', 'socket', '_socket')\n"
        "        if ours: print('REACHED', type(one), frame)\n"
        "    frame = frame.f_back\n",
    ),
)

ATTACKS = (*FILES, *PROCESSES, *SOCKETS, *KERNEL, *RECORDER)
