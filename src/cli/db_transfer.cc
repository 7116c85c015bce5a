// SPDX-License-Identifier: Apache-2.0
// peekr db export, import and keygen.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/updating.h"
#include "lib/ed25519.h"
#include "report/columns.h"
#include "service/transfer.h"

namespace peekr {
namespace {

// A new file; one that is there may be somebody's only key.
Status write_key(const std::string& path, const std::string& pem, unsigned mode) {
  const Fd file = TRY(Fd::open(path, O_WRONLY | O_CREAT | O_EXCL));
  const bool written = ::fchmod(file.get(), mode) == 0 &&
                       ::write(file.get(), pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
                       ::fsync(file.get()) == 0;
  return written ? Status{} : fail_errno("write " + path);
}

}  // namespace

Result<int> db_export_command(const Options& options) {
  const std::uint64_t bytes = TRY(export_db(
      {.directory = database_directory(options), .file = options.file, .key_file = options.key_file}));
  const std::string how = options.key_file.empty() ? "not signed: --key FILE signs it" : "signed";
  TRY(write_output(options, fmt::format("{}: {:.1f} MB, {}\n", one_line(options.file),
                                        static_cast<double>(bytes) / 1e6, how)));
  tell_timing(options);
  return 0;
}

Result<int> db_import_command(const Options& options) {
  std::vector<Note> notes;
  const Result<DbInfo> info =
      import_db({.directory = database_directory(options),
                 .file = options.file,
                 .now = now(),
                 .key_files = options.trusted,
                 .trust = options.insecure_unsigned ? Trust::anything : Trust::signed_only,
                 .lost = options.replace ? Lost::accept : Lost::refuse,
                 .turn = turn_of(options)},
                notes);
  if (!info) {
    tell(options, not_taken_in(notes));
    return std::unexpected(info.error());
  }
  TRY(write_output(options, database_text(*info, now()) + not_taken_in(notes)));
  tell_timing(options);
  return 0;
}

Result<int> db_keygen_command(const Options& options) {
  const KeyPair keys = TRY(make_ed25519_keys());
  TRY(write_key(options.file, keys.private_pem, 0600));
  TRY(write_key(options.file + ".pub", keys.public_pem, 0644));
  TRY(write_output(
      options,
      fmt::format("{0}      the private key: db export --key\n{0}.pub  the public key: db import --trust\n",
                  one_line(options.file))));
  return 0;
}

}  // namespace peekr
