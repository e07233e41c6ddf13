"""Attacks that take too much: time, memory, threads, output, descriptors."""

from bot.runner.model import Outcome
from tests.attacks.catalogue import Attack, stopped, survived

CPU, TIMEOUT, MEMORY, THREADS, OUTPUT, CRASHED, ERROR = (
    Outcome.CPU,
    Outcome.TIMEOUT,
    Outcome.MEMORY,
    Outcome.THREADS,
    Outcome.OUTPUT,
    Outcome.CRASHED,
    Outcome.ERROR,
)

TIME = (
    stopped("busy_loop", CPU, "while True: pass", cpu_seconds=0.2),
    stopped(
        "busy_loop_that_ignores_every_signal",
        CPU,
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True: pass",
        cpu_seconds=0.2,
    ),
    stopped(
        "busy_threads",
        CPU,
        "import threading\n"
        "for _ in range(4): threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()",
        cpu_seconds=0.2,
    ),
    stopped("huge_power", CPU, "9 ** 9 ** 9", cpu_seconds=0.2),
    stopped("catastrophic_regex", CPU, "import re\nre.match('(a*)*b', 'a' * 99)", cpu_seconds=0.2),
    stopped("sleep_past_the_deadline", TIMEOUT, "time.sleep(60)", wall_seconds=0.5),
    stopped(
        "stops_itself",
        TIMEOUT,
        "os.kill(os.getpid(), signal.SIGSTOP)",
        wall_seconds=0.5,
    ),
    stopped(
        "closes_everything_and_sleeps",
        TIMEOUT,
        "sys.stdout.flush()\nos.closerange(0, 64)\ntime.sleep(60)",
        wall_seconds=0.5,
    ),
    stopped(
        "never_ends_at_exit",
        TIMEOUT,
        "import atexit\natexit.register(time.sleep, 60)",
        wall_seconds=0.5,
    ),
    stopped(
        "a_thread_stays_behind",
        TIMEOUT,
        "import threading\nthreading.Thread(target=time.sleep, args=(60,)).start()",
        wall_seconds=0.5,
    ),
    stopped(
        # What the kernel samples at each tick sees little of this; its exact clock sees all.
        "sleeps_across_the_ticks",
        CPU,
        "import hashlib, threading\n"
        "data, tick = bytes(20_000), 4_000_000\n"
        "def burn():\n"
        "    while True:\n"
        "        until = (time.perf_counter_ns() // tick + 1) * tick - 500_000\n"
        "        while time.perf_counter_ns() < until: hashlib.sha1(data)\n"
        "        libc.usleep(700)\n"
        "for _ in range(4): threading.Thread(target=burn).start()",
        cpu_seconds=0.2,
    ),
    stopped(
        "storm_of_timers",
        (CPU, TIMEOUT),
        "signal.signal(signal.SIGALRM, lambda *_: None)\n"
        "signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)\n"
        "while True: pass",
        cpu_seconds=0.2,
        wall_seconds=3,
    ),
)

SPACE = (
    stopped("memory_over_the_cap", MEMORY, "hold = bytearray(2 ** 40)"),
    stopped("memory_bit_by_bit", MEMORY, "hold = []\nwhile True: hold.append(bytes(2 ** 22))"),
    stopped(
        "memory_of_small_things",
        (MEMORY, CPU),
        "hold = []\nwhile True: hold.append([hold] * 100)",
        memory_bytes=96 * 2**20,
    ),
    stopped(
        "memory_until_the_very_end",
        (MEMORY, CPU),
        "import atexit, sys\nhold = []\n"
        "def eat(*raised):\n"
        "    try:\n        while True: hold.append([hold] * 100)\n"
        "    except MemoryError: pass\n"
        "    try:\n        while True: hold.append([])\n"
        "    except MemoryError: pass\n"
        "def again(*raised):\n    eat()\n    atexit.register(eat)\n"
        "sys.excepthook = again\n"
        "while True: hold.append([hold] * 100)",
        memory_bytes=96 * 2**20,
    ),
    survived(
        "memory_by_maps",
        "import mmap\nhold = []\n"
        "try:\n    while True: hold.append(mmap.mmap(-1, 2 ** 26))\n"
        "except (OSError, MemoryError): print('held')\n"
        "if len(hold) > 8: print('REACHED', len(hold))\n",
    ),
    survived(
        "pages_without_addresses",
        "import mmap\n"
        "for name, flags in {'shared': 0x21, 'validated': 0x23, 'droppable': 0x28,"
        " 'huge': 0x40022, 'shared huge': 0x40021}.items():\n"
        "    call(name, 9, 222, 0, 1 << 21, 3, flags, -1, 0)\n"
        "call('shared, to read', 9, 222, 0, 1 << 21, 1, 0x21, -1, 0)\n"
        "attempt('mmap', lambda: mmap.mmap(-1, 1 << 20))\n"
        "library = os.open(os.__file__, os.O_RDONLY)\n"
        "call('library, to write', 9, 222, 0, 4096, 3, 1, library, 0)\n"
        "call('remap_file_pages', 216, 234, 0, 4096, 0, 0, 0)\n"
        "try: from multiprocessing import shared_memory\n"
        "except ImportError: print('held')\n"
        "else: attempt('shared_memory', lambda: shared_memory.SharedMemory('x', True, 1 << 20))\n"
        "hold = mmap.mmap(-1, 1 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
        "hold[:5] = b'works'\n",
    ),
    survived(
        "memory_of_the_kernel",
        "call('memfd_create', 319, 279, b'x', 0)\n"
        "call('memfd_secret', 447, 447, 0)\n"
        "call('shmget', 29, 194, 0, 1 << 30, 0o1600)\n"
        "call('mlockall', 151, 230, 3)\n"
        "import fcntl\nreader, writer = os.pipe()\n"
        "attempt('F_SETPIPE_SZ', lambda: fcntl.fcntl(writer, 1031, 1 << 20))\n",
    ),
    survived(
        "descriptors",
        "hold = []\n"
        "try:\n    while True: hold.extend(os.pipe())\n"
        "except OSError as error: print('held', error.errno == errno.EMFILE)\n"
        "if len(hold) > 64: print('REACHED', len(hold))\n"
        "for one in hold: os.close(one)\n",
    ),
    stopped(
        "socket_pairs_filled",
        ERROR,
        "import socket\nhold = []\nwhile True:\n"
        "    a, b = socket.socketpair()\n    a.setblocking(False)\n    hold += [a, b]\n"
        "    try:\n        while True: a.send(b'x' * 65536)\n"
        "    except BlockingIOError: pass",
    ),
)

MANY = (
    stopped(
        "thread_bomb",
        THREADS,
        "import threading\n"
        "while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ),
    stopped(
        "thread_bomb_past_python",
        (THREADS, CRASHED),
        "pause = ctypes.cast(libc.pause, ctypes.c_void_p)\n"
        "hold = [ctypes.c_ulong() for _ in range(10_000)]\n"
        "for one in hold: libc.pthread_create(ctypes.byref(one), None, pause, None)\n"
        "time.sleep(60)",
        threads=16,
        wall_seconds=10,
    ),
    stopped(
        "threads_that_start_threads",
        THREADS,
        "import threading\n"
        "def more():\n"
        "    for _ in range(2): threading.Thread(target=more).start()\n"
        "    time.sleep(60)\n"
        "more()",
    ),
    stopped(
        # Each asks the fork server, and the kernel refuses it afterwards: the stack's address is
        # right, that of the thread's own storage cannot be.
        "questions_that_make_no_thread",
        THREADS,
        "import threading\n"
        "stack, word = ctypes.create_string_buffer(65536), ctypes.c_long()\n"
        "top = ctypes.c_long(ctypes.addressof(stack) + 60_000)\n"
        "if ARM: numbers = (220, 0x3D0F00, top, ctypes.byref(word), 1 << 63, 0)\n"
        "else: numbers = (56, 0x3D0F00, top, ctypes.byref(word), 0, 1 << 63)\n"
        "numbers = [ctypes.c_ulong(n) if isinstance(n, int) else n for n in numbers]\n"
        "def ask():\n    while True: libc.syscall(*numbers)\n"
        "for _ in range(40): threading.Thread(target=ask).start()",
        wall_seconds=10,
    ),
    stopped(
        "threads_whose_name_lies",
        THREADS,
        "import threading\n"
        "def named():\n"
        "    libc.prctl(15, b'x\\rThreads:\\t1', 0, 0, 0)\n    time.sleep(60)\n"
        "libc.prctl(15, b'\\nThreads:\\t1\\n', 0, 0, 0)\n"
        "while True: threading.Thread(target=named).start()",
    ),
    Attack(
        "thousands_of_joins",
        "import threading\n"
        "for _ in range(3_000):\n"
        "    one = threading.Thread(target=int)\n    one.start()\n    one.join()\n"
        "print('over')",
        limits={"events": 100_000, "wall_seconds": 60, "cpu_seconds": 30},
    ),
    survived(
        "fork_bomb",
        "for _ in range(50):\n    attempt('fork', os.fork)\n"
        "for _ in range(50):\n    attempt('forkpty', os.forkpty)\n"
        "call('fork', 57, 220, 17)\ncall('vfork', 58, 220, 0x4111)\n"
        "call('clone', 56, 220, 17, 0, 0, 0, 0)\ncall('clone3', 435, 435, 0, 0)\n",
    ),
    stopped(
        "task_bomb",
        (Outcome.EVENTS, CPU, MEMORY),
        "import asyncio\n"
        "async def more():\n"
        "    while True:\n        asyncio.create_task(more())\n        await asyncio.sleep(0)\n"
        "asyncio.run(more())",
        cpu_seconds=2,
    ),
)

OUTPUTS = (
    stopped("flood", OUTPUT, "while True: print('x' * 100)"),
    stopped("flood_of_empty_lines", OUTPUT, "while True: print()"),
    stopped("flood_of_errors", OUTPUT, "while True: print('x' * 100, file=sys.stderr)"),
    stopped("flood_past_python", OUTPUT, "while True: os.write(1, b'x' * 99 + b'\\n')"),
    stopped("flood_past_python_of_errors", OUTPUT, "while True: os.write(2, b'\\n' * 99)"),
    stopped(
        "flood_of_newlines",
        OUTPUT,
        "block = b'\\n' * 65536\nwhile True: os.write(1, block); os.write(2, block)",
    ),
    stopped(
        "flood_of_crumbs",
        (OUTPUT, Outcome.EVENTS),
        "while True: print('', end='', flush=True); print('x', end='', flush=True)",
    ),
    stopped(
        "spinning_tasks",
        Outcome.EVENTS,
        "import asyncio\n"
        "async def spin():\n    while True: await asyncio.sleep(0)\n"
        "async def main(): await asyncio.gather(*(spin() for _ in range(20)))\n"
        "asyncio.run(main())",
    ),
    stopped(
        "names_without_end",
        Outcome.EVENTS,
        "import asyncio\n"
        "async def main():\n"
        "    while True: asyncio.current_task().set_name('x' * 9_999); await asyncio.sleep(0)\n"
        "asyncio.run(main())",
    ),
    stopped("endless_line", OUTPUT, "while True: print('x' * 100, end='')"),
    stopped("endless_line_past_python", OUTPUT, "while True: os.write(1, b'x' * 100)"),
    stopped(
        "flood_of_threads",
        OUTPUT,
        "import threading\n"
        "def flood():\n    while True: print('x' * 100, end='')\n"
        "for _ in range(8): threading.Thread(target=flood).start()",
    ),
    Attack(
        "huge_integer",
        "try: print(10 ** 10 ** 6)\nexcept ValueError: print('over')",
    ),
    Attack(
        "what_is_no_text",
        "os.write(1, b'\\xff\\xfe\\x80 nul:\\x00 escape:\\x1b[2J\\x1b]0;x\\x07\\n')\n"
        "print('surrogate: \\ud800 nul: \\x00 escape: \\x1b[2J')\n"
        "sys.stdout.buffer.write(b'\\xff\\xff\\n')\nsys.stdout.flush()\nprint('over')",
    ),
)

ATTACKS = (*TIME, *SPACE, *MANY, *OUTPUTS)
