// Runs the tests. Those named "host: …" need VOXHOST_TEST_HOST and VOXHOST_TEST_FOLDER and fail without.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
