#!/usr/bin/env bash
# Two bundles, and a program that swaps them under load.
#   reload.sh SOURCE_FOLDER HPOL_PROGRAM STRESS_PROGRAM COUNT WORK_FOLDER
set -euo pipefail
source=$1 hpol=$2 stress=$3 count=$4 work=$5
rm -rf "$work" && mkdir -p "$work" && cd "$work"
"$hpol" keygen key.pem >/dev/null
sed -e 's/version "1.0"/version "2.0"/' -e 's/^route {/&\n  when team == sales deny "closed"/' "$source/desk.hpol" >closed.hpol
"$hpol" build "$source/desk.hpol" -o open.hpolb --sign key.pem >/dev/null
"$hpol" build closed.hpol --sign key.pem >/dev/null
"$stress" key.pem.pub "$count" open.hpolb closed.hpolb
