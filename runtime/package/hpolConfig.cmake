# find_package(hpol) → the target hpol::hpol.
include("${CMAKE_CURRENT_LIST_DIR}/hpolTargets.cmake")
