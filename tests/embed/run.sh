#!/usr/bin/env bash
# Installs libhpol into a folder of its own, then builds and runs programs that know only what is installed.
#   run.sh SOURCE_FOLDER BUILD_FOLDER HPOL_PROGRAM WORK_FOLDER
set -euo pipefail
source=$1 build=$2 hpol=$3 work=$4
rm -rf "$work" && mkdir -p "$work"
prefix=$work/prefix
for component in runtime dev; do cmake --install "$build" --prefix "$prefix" --component $component >"$work/install.log"; done
library=$(echo "$prefix"/lib*/libhpol.so "$prefix"/lib/*/libhpol.so | tr ' ' '\n' | grep -v '\*' | head -1)
export LD_LIBRARY_PATH=${library%/*} PKG_CONFIG_PATH=${library%/*}/pkgconfig

fail() {
  echo "embed: $*" >&2
  exit 1
}

# ---- the library itself ----
strip -o "$work/stripped.so" "$library"
size=$(stat -c %s "$work/stripped.so")
echo "libhpol: $size bytes stripped"
[ "$size" -le 2097152 ] || fail "libhpol is larger than 2 MiB"
needed=$(readelf -d "$library" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort | xargs)
echo "libhpol needs: $needed"
for one in $needed; do
  case $one in
    libc.so.* | libstdc++.so.* | libcrypto.so.* | libgcc_s.so.* | libm.so.* | ld-linux-*) ;;
    *) fail "libhpol depends on $one" ;;
  esac
done
exported=$(nm -D --defined-only --demangle "$library" | grep -vE ' (hpol_|hpol::|HPOL_|typeinfo|vtable)' | head -3 || true)
[ -z "$exported" ] || fail "libhpol exports what it should not: $exported"

# ---- a bundle for all of them ----
cd "$work"
"$hpol" keygen key.pem >/dev/null
"$hpol" build "$source/desk.hpol" -o desk.hpolb --sign key.pem
echo "send: level=public cause= reason= to=far as=hello" >expected.txt

run() {
  local name=$1
  shift
  "$@" >"$name.txt" || fail "$name ended with $?"
  diff -u expected.txt "$name.txt" || fail "$name decided otherwise"
  echo "$name: the same"
}

# ---- C, with pkg-config ----
cc -std=c11 -Wall -Wextra -Wpedantic -Werror "$source/embed.c" -o embed_c $(pkg-config --cflags --libs hpol)
./embed_c desk.hpolb key.pem.pub >expected.txt || fail "embed.c ended with $?"
grep -q '^send: level=public cause= reason= to=far as=hello$' expected.txt || fail "the first decision is wrong"
grep -qE '^send: level=internal .* found=ticket\[6,14\) to=far as=about <ticket_[a-z]{14}>, again to=llama as=about T-123456, again$' expected.txt ||
  fail "the second decision is wrong: $(sed -n 2p expected.txt)"
grep -q '^deny: level=secret cause=rule reason=legal writes by hand$' expected.txt || fail "the third decision is wrong"
grep -q '^deny: level=.* cause=input reason=$' expected.txt || fail "the fourth decision is wrong"
echo "C: as expected"
# The README's own program: the first fence of C in it.
sed -n '/^```c$/,/^```$/p' "$source/../../README.md" | sed '1d;/^```$/,$d' >fifteen.c
[ "$(grep -c . fifteen.c)" -le 17 ] || fail "the README's fifteen lines have become more"
cc -std=c11 -Wall -Wextra -Werror fifteen.c -o fifteen $(pkg-config --cflags --libs hpol)
./fifteen desk.hpolb key.pem.pub | grep -qE '^far: about <ticket_[a-z]{14}>$' || fail "the README's fifteen lines say something else"

# ---- C++, with find_package ----
mkdir cxx && cp "$source/embed.cc" cxx/ && cp "$source/CMakeLists.hpol.txt" cxx/CMakeLists.txt
cmake -G Ninja -S cxx -B cxx/build -DCMAKE_PREFIX_PATH="$prefix" >cxx.log && cmake --build cxx/build >>cxx.log || { cat cxx.log; fail "C++ does not build"; }
run cxx_result cxx/build/embed_cc desk.hpolb key.pem.pub

# ---- LuaJIT and Python, through the C header's meaning ----
if command -v luajit >/dev/null; then
  # LuaJIT reads declarations, not directives.
  printf '#include "hpol/hpol.h"\n' | cc -E -P -I"$prefix/include" - | sed -n '/typedef struct hpol_engine/,$p' >hpol.cdef
  run luajit luajit "$source/embed.lua" desk.hpolb key.pem.pub "$library" hpol.cdef
else
  fail "luajit is not installed"
fi
run python python3 "$source/embed.py" desk.hpolb key.pem.pub "$library"

# ---- a policy in the program itself ----
for form in header c object; do "$hpol" build "$source/desk.hpol" -o "desk.${form/header/h}" --emit $form >/dev/null; done
mv desk.object desk.o
cat >inside.c <<'C'
#include <hpol/hpol.h>
#include "desk.h"
int main(void) {
  hpol_load_options options = {.struct_size = sizeof options, .allow_unsigned = 1};
  hpol_engine* engine = NULL;
  int status = hpol_engine_read(desk_hpolb, desk_hpolb_size, &options, &engine, NULL, 0);
  hpol_engine_free(engine);
  return status;
}
C
cc -std=c11 -Wall -Werror inside.c desk.c -o inside_c $(pkg-config --cflags --libs hpol) && ./inside_c || fail "the C form"
cc -std=c11 -Wall -Werror inside.c desk.o -o inside_o $(pkg-config --cflags --libs hpol) && ./inside_o || fail "the object form"
echo "a policy inside the program: loaded"

# ---- the same bytes wherever it is built ----
mkdir elsewhere && cp "$source/desk.hpol" elsewhere/
(cd elsewhere && "$hpol" --no-cache build desk.hpol -o desk.hpolb --sign ../key.pem >/dev/null)
cmp desk.hpolb elsewhere/desk.hpolb || fail "the bundle depends on where it was built"
echo "reproducible"
