// SPDX-License-Identifier: Apache-2.0
// Opening the database, looking packages up and updating it, on a database of 50,000 advisories made for the purpose.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/fd.h"
#include "db/db.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr int kAdvisories = 50'000, kPackages = 5'000, kChanged = 100;

// fixed: the version that has the fix.
Advisory advisory(int i, const std::string& fixed) {
  const std::string number = std::to_string(i);
  Advisory one{.id = "DSA-" + number,
               .publisher = "osv",
               .upstream = {"CVE-2024-" + number},
               .details = std::string(500, 'd')};
  one.affected.push_back(
      {.ecosystem = "Debian:12",
       .package = "package-" + std::to_string(i % kPackages),
       .ranges = {{"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, fixed}}}}});
  return one;
}

class Made {
 public:
  Made() : path_(fs::temp_directory_path() / ("peekr-db-bench-" + std::to_string(::getpid()))) {
    Result<DbWriter> writer = DbWriter::fresh(path_, "2026-11-23T00:00:00Z");
    for (int i = 0; writer && i < kAdvisories; ++i) {
      if (!writer->put("test", advisory(i, "1." + std::to_string(i)))) std::abort();
    }
    if (!writer || !writer->commit()) std::abort();
  }
  ~Made() { fs::remove_all(path_); }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  fs::path path_;
};

const Made& made() {
  static const Made one;
  return one;
}

void open_db(benchmark::State& state) {
  const std::string path = made().path();
  for (auto _ : state) benchmark::DoNotOptimize(Db::open(path));
}
BENCHMARK(open_db)->Unit(benchmark::kMicrosecond);

void lookup_of_a_package_with_ten_advisories(benchmark::State& state) {
  const Db db = Db::open(made().path()).value();
  int i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(db.lookup("Debian:12", "package-" + std::to_string(i++ % kPackages)));
}
BENCHMARK(lookup_of_a_package_with_ten_advisories)->Unit(benchmark::kMicrosecond);

void lookup_of_a_package_without_any(benchmark::State& state) {
  const Db db = Db::open(made().path()).value();
  for (auto _ : state) benchmark::DoNotOptimize(db.lookup("Debian:12", "no-such-package"));
}
BENCHMARK(lookup_of_a_package_without_any)->Unit(benchmark::kMicrosecond);

// As matching asks: of fifty advisories one is not fixed in the version that is installed.
void look_up_1000_packages(const Db& db) {
  unsigned asked = 0;
  const Db::Settled settled = [&](std::string_view) { return ++asked % 50 != 0; };
  for (int i = 0; i < 1000; ++i)
    benchmark::DoNotOptimize(db.lookup("Debian:12", "package-" + std::to_string(i), settled));
}

void lookup_of_1000_packages(benchmark::State& state) {
  const Db db = Db::open(made().path()).value();
  for (auto _ : state) look_up_1000_packages(db);
}
BENCHMARK(lookup_of_1000_packages)->Unit(benchmark::kMillisecond);

// Of a file that is not in memory.
void lookup_of_1000_packages_cold(benchmark::State& state) {
  const Fd file = Fd::open(made().path() + "/data.mdb", O_RDONLY).value();
  for (auto _ : state) {
    state.PauseTiming();
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    state.ResumeTiming();
    const Db db = Db::open(made().path()).value();
    db.expect("Debian:12", 1000);  // as match() does
    look_up_1000_packages(db);
  }
}
BENCHMARK(lookup_of_1000_packages_cold)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(20);

void advisory_by_id(benchmark::State& state) {
  const Db db = Db::open(made().path()).value();
  int i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(db.records("DSA-" + std::to_string(i++ % kAdvisories)));
}
BENCHMARK(advisory_by_id)->Unit(benchmark::kMicrosecond);

// With its history, and on the disk when it is done.
void update_of_100_records(benchmark::State& state) {
  int version = 0;
  for (auto _ : state) {
    const std::string fixed = "2." + std::to_string(++version);
    Result<DbWriter> writer = DbWriter::open(made().path(), "2026-11-23T00:00:01Z");
    for (int i = 0; i < kChanged; ++i) {
      if (!writer->put("test", advisory(i * (kAdvisories / kChanged), fixed))) std::abort();
    }
    if (!writer->commit()) std::abort();
  }
}
BENCHMARK(update_of_100_records)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace peekr
