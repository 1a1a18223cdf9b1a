#!/usr/bin/env bash
# A bundle signed with a key that never leaves its token: SoftHSM stands for the hardware.
#   token.sh SOURCE_FOLDER HPOL_PROGRAM WORK_FOLDER
set -euo pipefail
source=$1 hpol=$2 work=$3
module=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)
[ -n "$module" ] && command -v pkcs11-tool >/dev/null || { echo "softhsm2 or opensc is not installed"; exit 77; }
rm -rf "$work" && mkdir -p "$work/tokens" && cd "$work"
export SOFTHSM2_CONF=$work/softhsm2.conf
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label release --pin 1234 --so-pin 4321 >/dev/null
pkcs11-tool --module "$module" --token-label release --login --pin 1234 --keypairgen --key-type EC:edwards25519 \
  --label signing >/dev/null

printf '1234\n' >pin
key="pkcs11:module-path=$module;token=release;object=signing?pin-source=$work/pin"
"$hpol" keygen public.pem --public-of "$key"
openssl pkey -pubin -in public.pem -noout -text | grep -q ED25519
"$hpol" build "$source/desk.hpol" -o desk.hpolb >/dev/null
if "$hpol" verify desk.hpolb --trust public.pem 2>/dev/null; then echo "an unsigned bundle was believed"; exit 1; fi
"$hpol" sign desk.hpolb --key "$key"
"$hpol" verify desk.hpolb --trust public.pem

# What cannot be right ends in words.
for wrong in "${key/release/absent}" "${key/object=signing/object=absent}" "${key/\/pin/\/absent}" "pkcs11:token=x" \
  "${key/$module//usr/lib/nothing.so}"; do
  if "$hpol" sign desk.hpolb --key "$wrong" 2>words; then echo "signed with $wrong"; exit 1; fi
  grep -q '^hpol: ' words
done
printf '9999\n' >pin
if "$hpol" sign desk.hpolb --key "$key" 2>/dev/null; then echo "signed with a wrong PIN"; exit 1; fi
echo "token: signed and verified"
