// SPDX-License-Identifier: Apache-2.0
// CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL): one header blob a row;
// the other tables are indexes of it (lib/backend/sqlite.c of rpm). Always in WAL mode: an image that was
// made while rpm had it open has the last packages in rpmdb.sqlite-wal only.
#include "catalog/rpm_sqlite.h"

#include <utility>

#include "lib/sqlite.h"

namespace peekr {
namespace {

Status read_packages(SqliteFile file, const RpmSink& sink) {
  SqliteReader reader = TRY(SqliteReader::open(std::move(file)));
  return reader.each_blob("Packages", "blob", [&](std::int64_t row, std::string_view blob) {
    sink.header(static_cast<std::uint64_t>(row), blob);
  });
}

Why why(Errc code) {
  if (code == Errc::limit) return Why::too_big;
  return code == Errc::unsupported ? Why::unsupported : Why::damaged;
}

}  // namespace

void read_rpm_sqlite(std::string_view bytes, std::string_view wal, const RpmSink& sink) {
  SqliteFile file = sqlite_file(bytes, wal);
  if (!file.problem.empty()) sink.note(Why::damaged, "sqlite: write-ahead log: " + file.problem);
  const Status status = read_packages(std::move(file), sink);
  if (!status) sink.note(why(status.error().code), "sqlite: " + status.error().message);
}

}  // namespace peekr
