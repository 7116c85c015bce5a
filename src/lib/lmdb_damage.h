// SPDX-License-Identifier: Apache-2.0
// A damaged database. LMDB believes its pages (they have no checksums): a wrong number in one may lead it to read where the file
// has nothing, which is a signal, or to fail its own assertions. Both end the program with a message, exit code 1.
#pragma once

#include <string>

struct MDB_env;

namespace peekr::lmdb {

// From now on a fault at a mapped database is that database's, and so is one while LMDB looks into it. Any other goes to whom it went
// before.
void expect_damage();

// While it lives, this thread is in a call of LMDB about that file.
class Asking {
 public:
  explicit Asking(const std::string& path);
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  ~Asking();
};

// For mdb_env_set_assert(); the user context of `env` is the file's path.
[[noreturn]] void end_as_damaged(MDB_env* env, const char* what);

}  // namespace peekr::lmdb
