"""A reader of seccomp programs: what would the kernel decide about a call?

Classic BPF as seccomp(2) uses it: 32-bit loads from `struct seccomp_data`, jumps, ANDs and
returns. Lets a test ask an aarch64 filter its opinion on any machine.
"""

import struct
from collections.abc import Sequence

AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
ALLOW, ASK, KILL_PROCESS = 0x7FFF_0000, 0x7FC0_0000, 0x8000_0000


def errno(number: int) -> int:
    return 0x0005_0000 | number


def decide(program: bytes, arch: int, number: int, arguments: Sequence[int] = ()) -> int:
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    masked = [argument & 0xFFFF_FFFF_FFFF_FFFF for argument in padded]
    data = struct.pack("<IIQ6Q", number, arch, 0, *masked)
    instructions = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    at = accumulator = 0
    while True:
        code, yes, no, k = instructions[at]
        at += 1
        match code:
            case 0x20:  # BPF_LD | BPF_W | BPF_ABS
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x54:  # BPF_ALU | BPF_AND | BPF_K
                accumulator &= k
            case 0x05:  # BPF_JMP | BPF_JA
                at += k
            case 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
                at += yes if accumulator == k else no
            case 0x25:  # BPF_JMP | BPF_JGT | BPF_K
                at += yes if accumulator > k else no
            case 0x35:  # BPF_JMP | BPF_JGE | BPF_K
                at += yes if accumulator >= k else no
            case 0x06:  # BPF_RET | BPF_K
                return int(k)
            case _:
                raise AssertionError(f"instruction {code:#x} is not seccomp's")
