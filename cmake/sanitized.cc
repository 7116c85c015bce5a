// SPDX-License-Identifier: Apache-2.0
// What the sanitizers look for in the program as the tests of the whole start it, thousands of times: everything but leaks and the use of a stack
// that was left, for which the tests of the folders look, and cli_test.py in the program; and four frames of each allocation. That was half of
// each start. ASAN_OPTIONS goes before.
extern "C" const char* __asan_default_options();

const char* __asan_default_options() {
  return "detect_leaks=0:detect_stack_use_after_return=0:malloc_context_size=4";
}
