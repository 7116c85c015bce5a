// SPDX-License-Identifier: Apache-2.0
// Against SQLite itself: what a writer sees that has the database open, and never checkpoints, is what must
// come out of copies of its two files.
#include "lib/sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <vector>

namespace peekr {
namespace {

using Rows = std::map<std::int64_t, std::string>;

// A database file that is being written to.
class Writer {
 public:
  explicit Writer(const std::string& journal_mode, int page_size = 512)
      : path_(std::filesystem::temp_directory_path() / ("peekr-sqlite-" + std::to_string(::getpid()))) {
    remove();
    EXPECT_EQ(sqlite3_open(path_.c_str(), &db_), SQLITE_OK);
    run("PRAGMA page_size=" + std::to_string(page_size));
    run("PRAGMA journal_mode=" + journal_mode);
    run("PRAGMA wal_autocheckpoint=0");
    run("PRAGMA synchronous=OFF");
    run("PRAGMA cache_size=2");  // pages of open transactions are written to the log
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
  }
  ~Writer() {
    sqlite3_close(db_);
    remove();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void run(const std::string& sql) {
    EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(db_);
  }
  [[nodiscard]] Rows rows() {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, "SELECT id, b FROM t", -1, &statement, nullptr), SQLITE_OK);
    Rows all;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 1));
      const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, 1));
      all[sqlite3_column_int64(statement, 0)] = size == 0 ? "" : std::string(data, size);
    }
    sqlite3_finalize(statement);
    return all;
  }
  [[nodiscard]] std::string file() const { return slurp(path_); }
  [[nodiscard]] std::string wal() const { return slurp(path_ + "-wal"); }
  [[nodiscard]] std::string journal() const { return slurp(path_ + "-journal"); }

 private:
  static std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void remove() const {
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path_ + ending);
  }

  std::string path_;
  sqlite3* db_ = nullptr;
};

struct Read {
  Rows rows;
  std::string error;
};

Read read(const SqliteFile& file, const std::string& table = "t", const std::string& column = "b") {
  Result<SqliteReader> reader = SqliteReader::open(file);
  if (!reader) return {{}, reader.error().message};
  Read out;
  const Status status =
      reader->each_blob(table, column, [&](std::int64_t id, std::string_view blob) { out.rows[id] = blob; });
  if (!status) out.error = status.error().message;
  return out;
}

Read read(const std::string& bytes, const std::string& table = "t", const std::string& column = "b") {
  return read(sqlite_file(bytes, {}), table, column);
}

std::string insert(int size) { return "INSERT INTO t (b) VALUES (randomblob(" + std::to_string(size) + "))"; }

TEST(Sqlite, reads_every_row_of_a_table) {
  Writer writer("DELETE");
  for (int size = 1; size < 5000; size += 97) writer.run(insert(size));
  const Read got = read(writer.file());
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.rows, writer.rows());
  EXPECT_EQ(got.rows.size(), 52u);
}

TEST(Sqlite, reads_a_database_in_wal_mode_as_it_was_before_its_log) {
  Writer writer("WAL");
  writer.run(insert(10));
  writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const Rows before = writer.rows();
  writer.run(insert(20));
  EXPECT_EQ(read(writer.file()).rows, before);
  EXPECT_EQ(before.size(), 1u);
}

TEST(SqliteWal, gives_what_the_writer_sees) {
  for (const int page_size : {512, 4096, 65536}) {
    Writer writer("WAL", page_size);
    std::mt19937 random(7);
    for (int step = 0; step < 60; ++step) {
      switch (random() % 8) {
        case 0: writer.run("DELETE FROM t WHERE id % 3 = 0"); break;
        case 1: writer.run("UPDATE t SET b = randomblob(700) WHERE id % 5 = 1"); break;
        case 2: writer.run("PRAGMA wal_checkpoint(RESTART)"); break;
        case 3: writer.run("VACUUM"); break;
        default: writer.run(insert(static_cast<int>(random() % 3000)));
      }
      const std::string bytes = writer.file(), log = writer.wal();
      const SqliteFile file = sqlite_file(bytes, log);
      ASSERT_EQ(file.problem, "") << step;
      const Read got = read(file);
      ASSERT_EQ(got.error, "") << step;
      ASSERT_EQ(got.rows, writer.rows()) << step;
    }
  }
}

TEST(SqliteWal, is_read_in_pieces_of_any_size_at_any_place) {
  const std::string bytes(1536, 'f'), page(512, 'l');
  const SqliteFile file{
      .bytes = bytes, .pages = {{2, page}, {5, page}}, .page_size = 512, .size = 2560, .problem = {}};
  const std::string whole =
      std::string(512, 'f') + page + std::string(512, 'f') + std::string(512, '\0') + page;
  for (std::size_t size = 1; size <= 2600; size += 311) {
    std::string got(size, 'x');
    for (std::size_t at = 0; at < 2700; at += 97) {
      file.read(at, got);
      std::string want = at < whole.size() ? whole.substr(at, size) : "";
      want.resize(size);
      ASSERT_EQ(got, want) << at << " " << size;
    }
  }
}

TEST(SqliteWal, leaves_out_what_was_never_committed) {
  Writer writer("WAL");
  writer.run(insert(100));
  const Rows before = writer.rows();
  const std::string log = writer.wal();
  writer.run("BEGIN");
  for (int i = 0; i < 50; ++i) writer.run(insert(2000));
  ASSERT_GT(writer.wal().size(), log.size());
  const std::string bytes = writer.file(), longer = writer.wal();
  EXPECT_EQ(read(sqlite_file(bytes, longer)).rows, before);
}

TEST(SqliteWal, gives_an_earlier_state_when_it_is_cut_short_and_says_so) {
  Writer writer("WAL");
  std::vector<Rows> states = {{}};
  for (int i = 0; i < 12; ++i) {
    writer.run(insert(300));
    states.push_back(writer.rows());
  }
  const std::string bytes = writer.file(), log = writer.wal();
  std::size_t longest = 0;
  for (std::size_t size = 1; size < log.size(); size += 61) {
    const SqliteFile file = sqlite_file(bytes, std::string_view(log).substr(0, size));
    const bool whole_frames = size >= 32 && (size - 32) % 536 == 0;
    EXPECT_EQ(file.problem.empty(), whole_frames) << size;
    const Read got = read(file);
    if (!got.error.empty()) continue;  // not even the table was there
    const auto at = std::ranges::find(states, got.rows);
    ASSERT_NE(at, states.end()) << size;
    longest = std::max(longest, static_cast<std::size_t>(at - states.begin()));
  }
  EXPECT_EQ(longest, states.size() - 2);
}

TEST(SqliteWal, stops_at_a_frame_with_a_wrong_checksum) {
  Writer writer("WAL");
  writer.run(insert(100));
  writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const Rows before = writer.rows();
  writer.run("UPDATE t SET b = x'00'");
  const std::string bytes = writer.file();
  std::string log = writer.wal();
  EXPECT_EQ(read(sqlite_file(bytes, log)).rows, writer.rows());
  log.back() = static_cast<char>(log.back() ^ 1);
  const SqliteFile file = sqlite_file(bytes, log);
  EXPECT_EQ(read(file).rows, before);
  EXPECT_EQ(file.problem, "ends in a damaged frame, transactions that are left out: 1");
}

TEST(SqliteWal, says_what_is_left_out_behind_any_damage_of_a_frame) {
  Writer writer("WAL");
  for (int i = 0; i < 3; ++i) writer.run(insert(100));
  const std::string bytes = writer.file(), log = writer.wal();
  const std::size_t first = 32, frame = 24 + 512;
  for (const std::size_t at : {0u, 9u, 17u, 100u}) {  // its number, salt, checksum, page
    std::string changed = log;
    changed[first + frame + at] = static_cast<char>(changed[first + frame + at] ^ 1);
    EXPECT_TRUE(sqlite_file(bytes, changed).problem.starts_with("ends in a damaged frame")) << at;
  }
}

TEST(SqliteWal, has_nothing_damaged_behind_a_transaction_that_was_rolled_back) {
  Writer writer("WAL");
  writer.run(insert(100));
  writer.run("BEGIN");
  for (int i = 0; i < 50; ++i) writer.run(insert(2000));
  const std::size_t longest = writer.wal().size();
  writer.run("ROLLBACK");
  writer.run(insert(30));
  const std::string bytes = writer.file(), log = writer.wal();
  ASSERT_EQ(log.size(), longest);
  const SqliteFile file = sqlite_file(bytes, log);
  EXPECT_EQ(file.problem, "");
  EXPECT_EQ(read(file).rows, writer.rows());
}

TEST(SqliteWal, says_what_is_wrong_with_its_header) {
  Writer writer("WAL");
  writer.run(insert(100));
  const std::string file = writer.file(), log = writer.wal();
  const auto problem = [&](std::size_t at, char byte) {
    std::string changed = log;
    changed[at] = byte;
    return sqlite_file(file, changed).problem;
  };
  EXPECT_EQ(problem(0, 'x'), "no such log");
  EXPECT_EQ(problem(7, 'x'), "no such log");
  EXPECT_EQ(problem(11, 1), "page size 513");
  EXPECT_EQ(problem(16, static_cast<char>(log[16] ^ 1)), "header checksum differs");
  EXPECT_EQ(sqlite_file(file, log.substr(0, 31)).problem, "header cut short");
  EXPECT_EQ(sqlite_file(file, "").problem, "");
  Writer other("WAL", 1024);
  const std::string of_other = other.file();
  EXPECT_EQ(sqlite_file(of_other, log).problem, "its pages are of another size");
}

TEST(Sqlite, runs_nothing_of_the_schema) {
  Writer writer("DELETE");
  writer.run(insert(1));
  writer.run("CREATE VIEW v AS SELECT id, b FROM t");
  writer.run("CREATE TABLE computed (id INTEGER PRIMARY KEY, b BLOB AS (zeroblob(1000)), c BLOB)");
  writer.run("INSERT INTO computed (c) VALUES (x'01')");
  writer.run("CREATE VIRTUAL TABLE f USING fts5(b)");
  const std::string file = writer.file();
  EXPECT_EQ(read(file, "v").error, "table v: no such table column: v.b");
  EXPECT_EQ(read(file, "computed").error, "table computed: column b is not stored");
  EXPECT_EQ(read(file, "computed", "c").rows.size(), 1u);
  EXPECT_NE(read(file, "f").error, "");
  EXPECT_NE(read(file, "none").error, "");
  EXPECT_NE(read(file, "t", "none").error, "");
  EXPECT_NE(read(file, "t\" --", "b").error, "");
}

TEST(Sqlite, survives_every_truncation_and_flipped_bits) {
  Writer writer("DELETE");
  for (int i = 0; i < 40; ++i) writer.run(insert(i * 40));
  const std::string file = writer.file();
  for (std::size_t size = 0; size < file.size(); size += size + 509 < file.size() ? 509 : 1) {
    EXPECT_NE(read(file.substr(0, size)).error, "") << size;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::string changed = file;
    for (std::size_t flips = random() % 8 + 1; flips > 0; --flips) {
      char& at = changed[random() % (i % 2 == 0 ? changed.size() : 600)];
      at = static_cast<char>(static_cast<unsigned char>(at) ^ (1u << random() % 8));
    }
    const Read got = read(changed);
    std::size_t sum = 0;
    for (const auto& [id, blob] : got.rows) sum += blob.size();
    EXPECT_LE(sum, file.size());
  }
}

// Rows that all lead to one chain of overflow pages: more bytes than the file has.
TEST(Sqlite, stops_when_rows_overlap) {
  Writer writer("DELETE");
  writer.run("DROP TABLE t");
  writer.run("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
  for (int i = 0; i < 3; ++i) writer.run("INSERT INTO t (b) VALUES (zeroblob(19847))");
  std::string file = writer.file();
  // 39 overflow pages a row, and 40 bytes beside the other rows. Each row's cell ends with the number of its
  // first overflow page: all get the first row's. A leaf page (13) with three cells, whose offsets follow its
  // header of 8 bytes.
  for (std::size_t page = 512; page < file.size(); page += 512) {
    if (file[page] != 13 || file[page + 4] != 3) continue;
    const auto cell = [&](std::size_t i) {
      return page + static_cast<unsigned char>(file[page + 8 + 2 * i]) * 256u +
             static_cast<unsigned char>(file[page + 9 + 2 * i]);
    };
    const std::size_t size = cell(0) - cell(1);
    for (const std::size_t i : {1u, 2u}) file.replace(cell(i) + size - 4, 4, file, cell(0) + size - 4, 4);
    file.resize(20000 + 20 * 512);  // the first chain is all that is left
  }
  // The header's number of pages, 28, big endian.
  const std::size_t pages = file.size() / 512;
  file[30] = static_cast<char>(pages >> 8);
  file[31] = static_cast<char>(pages & 0xFFu);
  const Read got = read(file.substr(0, pages * 512));
  EXPECT_EQ(got.error, "table t: its rows overlap");
  EXPECT_EQ(got.rows.size(), 1u);
}

TEST(Sqlite, tells_by_its_journal_that_a_transaction_was_not_finished) {
  Writer writer("PERSIST");
  writer.run(insert(100));
  EXPECT_EQ(journal_problem(writer.journal()), "");
  writer.run("BEGIN");
  for (int i = 0; i < 50; ++i) writer.run(insert(2000));
  EXPECT_EQ(journal_problem(writer.journal()),
            "rollback journal: a transaction was not finished, and is not rolled back");
  writer.run("COMMIT");
  EXPECT_GT(writer.journal().size(), 512u);
  EXPECT_EQ(journal_problem(writer.journal()), "");
}

TEST(Sqlite, refuses_what_is_no_database) {
  EXPECT_EQ(read("").error, "no database");
  EXPECT_EQ(read(std::string("SQLite format 3\0", 16)).error, "no database");
  EXPECT_EQ(read(std::string(4096, 'x')).error, "no database");
  EXPECT_NE(read(std::string("SQLite format 3\0", 16) + std::string(4080, 'x')).error, "");
}

}  // namespace
}  // namespace peekr
