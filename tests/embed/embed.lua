-- The C door through LuaJIT: as nginx with OpenResty would use it.
local ffi = require("ffi")
ffi.cdef(io.open(arg[4]):read("*a"))
local hpol = ffi.load(arg[3])

local function text(s) return ffi.new("hpol_text", s, #s) end
local function string_of(t) return ffi.string(t.data, t.size) end

local options = ffi.new("hpol_load_options")
options.struct_size = ffi.sizeof(options)
options.trust_file = arg[2]
local key = "a key for tests"
options.pseudonym_key = text(key)
local handle = ffi.new("hpol_engine*[1]")
local err = ffi.new("char[256]")
assert(hpol.hpol_engine_load(arg[1], options, handle, err, 256) == 0, ffi.string(err))
local engine = ffi.gc(handle[0], hpol.hpol_engine_free)
local scratch = ffi.gc(hpol.hpol_scratch_new(), hpol.hpol_scratch_free)

local function ask(team, body)
  local value, attribute = ffi.new("hpol_text[1]"), ffi.new("hpol_attribute[1]")
  value[0] = text(team)
  attribute[0].name = text("team")
  attribute[0].source, attribute[0].values, attribute[0].value_count = 1, value, 1
  local request = ffi.new("hpol_request")
  request.struct_size, request.surface = ffi.sizeof(request), 0
  request.body, request.attributes, request.attribute_count = text(body), attribute, 1
  local decision = ffi.new("hpol_decision")
  decision.struct_size = ffi.sizeof(decision)
  hpol.hpol_decide(engine, request, scratch, decision)
  local line = { decision.verdict == 1 and "send:" or "deny:", "level=" .. string_of(decision.level),
    "cause=" .. string_of(decision.cause), "reason=" .. string_of(decision.reason) }
  for i = 0, tonumber(decision.finding_count) - 1 do
    local finding = ffi.new("hpol_finding")
    finding.struct_size = ffi.sizeof(finding)
    assert(hpol.hpol_finding_at(scratch, i, finding) == 0)
    line[#line + 1] = ("found=%s[%d,%d)"):format(string_of(finding.detector), finding.begin, finding["end"])
  end
  for i = 0, tonumber(decision.candidate_count) - 1 do
    local out = ffi.new("hpol_outbound")
    out.struct_size = ffi.sizeof(out)
    assert(hpol.hpol_render(engine, scratch, i, "m", out) == 0)
    if out.allowed == 1 then
      line[#line + 1] = "to=" .. string_of(out.target)
      line[#line + 1] = "as=" .. string_of(out.body)
    end
  end
  print(table.concat(line, " "))
end

ask("sales", "hello")
ask("sales", "about T-123456, again")
ask("legal", "hello")
ask("nobody", "hello")
