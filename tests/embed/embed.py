# The C door through ctypes. Prints what embed.c prints.
import ctypes as c
import sys

hpol = c.CDLL(sys.argv[3])


class Text(c.Structure):
    _fields_ = [("data", c.c_char_p), ("size", c.c_size_t)]

    def __init__(self, text=b""):
        super().__init__(text, len(text))


class View(c.Structure):  # bytes that are not ours
    _fields_ = [("data", c.c_void_p), ("size", c.c_size_t)]

    def __str__(self):
        return c.string_at(self.data, self.size).decode() if self.size else ""


class LoadOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("trust_file", c.c_char_p), ("policy", c.c_char_p),
                ("minimum_version", c.c_char_p), ("pin_file", c.c_char_p), ("allow_unsigned", c.c_int32),
                ("pseudonym_key", Text)]


class Attribute(c.Structure):
    _fields_ = [("name", Text), ("source", c.c_int32), ("values", c.POINTER(Text)), ("value_count", c.c_size_t)]


class Request(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("surface", c.c_int32), ("unscanned", c.c_int32), ("body", Text),
                ("attributes", c.POINTER(Attribute)), ("attribute_count", c.c_size_t)]


class Decision(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("verdict", c.c_int32), ("cause", View), ("reason", View),
                ("level", View), ("candidate_count", c.c_size_t), ("finding_count", c.c_size_t)]


class Finding(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("detector", View), ("begin", c.c_uint32), ("end", c.c_uint32)]


class Outbound(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("allowed", c.c_int32), ("target", View), ("redaction", View),
                ("body", View)]


hpol.hpol_scratch_new.restype = c.c_void_p
engine, error = c.c_void_p(), c.create_string_buffer(256)
options = LoadOptions(c.sizeof(LoadOptions), sys.argv[2].encode())
options.pseudonym_key = Text(b"a key for tests")
if hpol.hpol_engine_load(sys.argv[1].encode(), c.byref(options), c.byref(engine), error, c.c_size_t(256)) != 0:
    sys.exit(error.value.decode())
scratch = c.c_void_p(hpol.hpol_scratch_new())


def ask(team, body):
    value = Text(team)
    attribute = Attribute(Text(b"team"), 1, c.pointer(value), 1)
    request = Request(c.sizeof(Request), 0, 0, Text(body), c.pointer(attribute), 1)
    decision = Decision(c.sizeof(Decision))
    hpol.hpol_decide(engine, c.byref(request), scratch, c.byref(decision))
    line = [f"{'send' if decision.verdict == 1 else 'deny'}:", f"level={decision.level}",
            f"cause={decision.cause}", f"reason={decision.reason}"]
    for i in range(decision.finding_count):
        finding = Finding(c.sizeof(Finding))
        hpol.hpol_finding_at(scratch, c.c_size_t(i), c.byref(finding))
        line.append(f"found={finding.detector}[{finding.begin},{finding.end})")
    for i in range(decision.candidate_count):
        out = Outbound(c.sizeof(Outbound))
        hpol.hpol_render(engine, scratch, c.c_size_t(i), b"m", c.byref(out))
        if out.allowed == 1:
            line += [f"to={out.target}", f"as={out.body}"]
    print(" ".join(line))


ask(b"sales", b"hello")
ask(b"sales", b"about T-123456, again")
ask(b"legal", b"hello")
ask(b"nobody", b"hello")
hpol.hpol_scratch_free(scratch)
hpol.hpol_engine_free(engine)
