// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/environment.h"
#include "base/fd.h"
#include "base/process.h"
#include "base/text.h"
#include "base/timer.h"
#include "cli/place.h"

namespace peekr {
namespace {

Status write_all(int fd, std::string_view text, const std::string& name) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("write " + name);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::atomic<int> undisturbed = 0;  // how many of these there are
std::atomic<int> signal_held = 0;  // that came meanwhile

// Neither is the time over (--timeout) nor does a signal end us while files get their names: which of them have one would not be known.
class Undisturbed {
 public:
  Undisturbed() {
    ++undisturbed;
    ::setitimer(ITIMER_REAL, &kNever, &rest_);
  }
  ~Undisturbed() {
    ::setitimer(ITIMER_REAL, &rest_, nullptr);
    if (--undisturbed > 0) return;
    if (const int signal = signal_held.exchange(0); signal != 0) ::raise(signal);
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  static constexpr itimerval kNever{};
  itimerval rest_{};
};

bool clear_outputs(int signal) {
  if (undisturbed > 0) {
    signal_held = signal;
    return false;
  }
  remove_unfinished_outputs();
  return true;
}

constexpr int kMostNames = 100;

// in_place: a file that cannot be replaced by another one: what stands there is overwritten.
enum class Place { standard_output, device, in_place, file };

}  // namespace

struct Outputs::One {
  Place place = Place::file;
  std::string path, temporary;
  int names = 0;                      // that `temporary` had so far
  std::string text;                   // of what is no file
  std::optional<int> descriptor;      // of a device: it is open already
  std::optional<struct stat> before;  // of the file that is replaced: whose it is, and who may read it
  Fd unnamed;                         // has the bytes, and no name yet: who is killed leaves nothing behind
  Fd standing;                        // the file of Place::in_place: as it was until the end
  std::atomic<const char*> there = nullptr;  // the name that is to go unless all is written
  std::atomic<bool> replaced = false;        // that name is now the one of the file that was there before
  One* next = nullptr;

  explicit One(std::string to) : path(std::move(to)) {}
  One(const One&) = delete;
  One& operator=(const One&) = delete;
  ~One() { remove(); }
  void remove() const {
    if (replaced)
      std::rename(temporary.c_str(), path.c_str());
    else if (const char* name = there)
      ::unlink(name);
  }
  void keep() {
    if (replaced.exchange(false)) ::unlink(temporary.c_str());
    there = nullptr;
  }

  Status find_place();
  bool next_name();
  Result<Fd> open_temporary();
  bool take_over(const Fd& fd) const;
  Result<bool> write_temporary(std::string_view bytes);
  Result<bool> write_aside(std::string_view bytes);
  Status write_device() const;
  Status open_in_place();
  Status write_in_place() const;
  Status copy_to_temporary();
  Status give_temporary_name();
  Status give_name();
};

namespace {

std::atomic<Outputs::One*> unfinished = nullptr;  // the last of them

}  // namespace

// Devices and pipes are written to as they are, and so is whatever is open already, as a log is to which others write, too: renaming
// a file over /dev/stdout would be a surprise.
Status Outputs::One::find_place() {
  struct stat status{};
  if (path.empty()) {
    place = Place::standard_output;
    return {};
  }
  const OutputPlace real = place_of(path);
  TRY(check_owner(path, real));  // once more: it may have come since
  descriptor = real.descriptor;
  if (descriptor) {
    place = Place::device;
  } else if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return fail_errno(path);  // EACCES: of a link that the system does not follow
    std::error_code error;
    if (std::filesystem::is_symlink(path, error)) path = real.file.string();
  } else if (S_ISDIR(status.st_mode)) {
    return fail(Errc::usage, path + ": is a directory");
  } else if (!S_ISREG(status.st_mode)) {
    place = Place::device;
  } else {
    path = real.file.string();
    before = status;
    if (is_mount_point(path)) place = Place::in_place;
  }
  next_name();
  return {};
}

// Another process may have the first one: one of the same number in another container, or one that was killed.
bool Outputs::One::next_name() {
  if (names == kMostNames) return false;
  temporary = path + ".part-" + std::to_string(::getpid()) + (names == 0 ? "" : "-" + std::to_string(names));
  ++names;
  return true;
}

Result<Fd> Outputs::One::open_temporary() {
  const Undisturbed until_it_is_known;
  for (;;) {
    Result<Fd> fd = Fd::open(temporary, O_WRONLY | O_CREAT | O_EXCL);
    const bool taken = !fd && errno == EEXIST;
    if (taken && next_name()) continue;
    if (fd) there = temporary.c_str();
    return fd;
  }
}

// Owner and mode of the file that it takes the place of, before there is anything to read in it. False: it may not be given away, and
// that file may be written to. In a folder where everybody may lay files nothing is given away: it would be the gate's to read and
// another's to change.
bool Outputs::One::take_over(const Fd& fd) const {
  if (!before) return true;
  struct stat now{};
  if (::fstat(fd.get(), &now) != 0) return false;
  const bool same = now.st_uid == before->st_uid && now.st_gid == before->st_gid;
  const bool shared = owner_of_shared_folder(path).has_value();
  const bool stays =
      shared && (::geteuid() == 0 || ::geteuid() == before->st_uid);  // others replace nothing there
  const bool given = same || stays || (!shared && ::fchown(fd.get(), before->st_uid, before->st_gid) == 0);
  if (!given && ::access(path.c_str(), W_OK) == 0) return false;
  return ::fchmod(fd.get(), before->st_mode & 0777) == 0;  // who runs it does not become us
}

// False, here and below: nothing was written, since it cannot take the place of the file that is there.
Result<bool> Outputs::One::write_temporary(std::string_view bytes) {
  Result<Fd> fd = open_temporary();
  const bool may_not = !fd && (errno == EACCES || errno == EPERM || errno == EROFS);
  if (may_not && before) return false;
  if (!fd) return fail(fd.error());
  if (!take_over(*fd)) {
    remove();
    there = nullptr;
    return false;
  }
  TRY(write_all(fd->get(), bytes, path));
  return true;
}

// The bytes, under another name, or none.
Result<bool> Outputs::One::write_aside(std::string_view bytes) {
  const std::string folder = std::filesystem::path(path).parent_path();
  Result<Fd> file = Fd::open(folder.empty() ? "." : folder, O_TMPFILE | O_RDWR);
  if (!file) return write_temporary(bytes);  // a file system that has none such
  if (!take_over(*file)) return false;
  unnamed = *std::move(file);
  TRY(write_all(unnamed.get(), bytes, path));
  return true;
}

// On a machine without /proc, where what is open cannot get a name.
Status Outputs::One::copy_to_temporary() {
  const Fd fd = TRY(open_temporary());
  if (!take_over(fd)) return fail_errno("write " + path);
  constexpr std::size_t kAtOnce = 1 << 20;
  off_t at = 0;
  ssize_t copied = 1;
  while (copied > 0) copied = ::sendfile(fd.get(), unnamed.get(), &at, kAtOnce);
  return copied == 0 ? Status() : fail_errno("write " + path);
}

Status Outputs::One::write_device() const {
  if (place != Place::device) return {};
  if (descriptor) return write_all(*descriptor, text, path);
  const Fd fd = TRY(Fd::open(path, O_WRONLY));
  return write_all(fd.get(), text, path);
}

// While what is there is still whole; `path` has no link left.
Status Outputs::One::open_in_place() {
  if (place != Place::in_place) return {};
  standing = TRY(Fd::open(path, O_WRONLY | O_NOFOLLOW));
  return {};
}

Status Outputs::One::write_in_place() const {
  if (place != Place::in_place) return {};
  if (::ftruncate(standing.get(), 0) != 0) return fail_errno("write " + path);
  return write_all(standing.get(), text, path);
}

Status Outputs::One::give_temporary_name() {
  const std::string self = "/proc/self/fd/" + std::to_string(unnamed.get());
  const auto link = [&] {
    return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, temporary.c_str(), AT_SYMLINK_FOLLOW) == 0;
  };
  bool linked = link();
  while (!linked && errno == EEXIST && next_name()) linked = link();
  if (!linked) return copy_to_temporary();
  there = temporary.c_str();
  return {};
}

Status Outputs::One::give_name() {
  if (place != Place::file) return {};
  if (there == nullptr) TRY(give_temporary_name());
  replaced = ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0;
  if (replaced) return {};
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return fail_errno("write " + path);
  there = path.c_str();
  return {};
}

Outputs::Outputs() {
  clear_before_end(clear_outputs);
  end_children_by_signals();
}

Outputs::~Outputs() { unfinished = nullptr; }

Status Outputs::add(std::string path, std::string text) {
  One& one = *all_.emplace_back(std::make_unique<One>(std::move(path)));
  TRY(one.find_place());
  one.next = unfinished;
  unfinished = &one;
  if (one.place == Place::file) {
    if (TRY(one.write_aside(text))) return {};
    one.place = Place::in_place;
  }
  one.text = std::move(text);
  return {};
}

Status Outputs::name_all() {
  const Undisturbed until_all_have_names;
  for (const std::unique_ptr<One>& one : all_) TRY(one->give_name());
  return {};
}

Status Outputs::publish() {
  for (const std::unique_ptr<One>& one : all_) TRY(one->open_in_place());
  for (const std::unique_ptr<One>& one : all_) TRY(one->write_device());
  TRY(name_all());
  for (const std::unique_ptr<One>& one : all_) {
    if (one->place == Place::standard_output) TRY(write_all(STDOUT_FILENO, one->text, "standard output"));
  }
  const Undisturbed until_all_are_kept;
  // What is overwritten does not come back: only where nothing else can fail any more.
  for (const std::unique_ptr<One>& one : all_) TRY(one->write_in_place());
  for (const std::unique_ptr<One>& one : all_) one->keep();
  return {};
}

void remove_unfinished_outputs() {
  for (const Outputs::One* one = unfinished; one != nullptr; one = one->next) one->remove();
}

Status write_output(const Options& options, std::string text) {
  Outputs all;
  TRY(all.add(options.output, std::move(text)));
  return all.publish();
}

void tell(const Options& options, std::string_view line) {
  if (options.quiet) return;
  write_errors(std::string(line) + "\n");
}

void write_errors(std::string_view text) {
  // Nobody listening on standard error is no reason to fail.
  [[maybe_unused]] const Status told = write_all(STDERR_FILENO, text, "standard error");
}

void tell_timing(const Options& options) {
  if (!options.timing) return;
  [[maybe_unused]] const Status told = write_all(STDERR_FILENO, Timer::report(), "standard error");
}

std::optional<unsigned> number_from_environment(const char* name) {
  const std::optional<std::uint64_t> number = to_number(environment(name));
  if (!number || *number >= 1'000'000) return std::nullopt;
  return static_cast<unsigned>(*number);
}

void set_from_environment(const char* name, unsigned& value) {
  value = number_from_environment(name).value_or(value);
}

std::string now() {
  std::time_t seconds = std::time(nullptr);
  if (const auto epoch = to_number(environment("SOURCE_DATE_EPOCH")); epoch && *epoch < (1ULL << 38)) {
    seconds = static_cast<std::time_t>(*epoch);
  }
  std::tm utc{};
  char text[32];
  if (::gmtime_r(&seconds, &utc) == nullptr) return {};
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace peekr
