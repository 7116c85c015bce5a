// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <deque>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/environment.h"
#include "base/fd.h"
#include "base/text.h"
#include "base/timer.h"

namespace peekr {
namespace {

constexpr unsigned kNoTerminal = 100, kNarrowest = 40, kWidest = 1000, kHelp = 80, kWidestHelp = 100;

// otherwise: where neither the terminal nor $COLUMNS says.
unsigned terminal_width(unsigned otherwise) {
  winsize size{};
  unsigned width = 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0)
    width = static_cast<unsigned>(to_number(environment("COLUMNS")).value_or(otherwise) & 0xFFFFu);
  return std::clamp(width, kNarrowest, kWidest);
}

// What a terminal says of itself: of OSC 8 it can say no more than who it is.
bool has_links() {
  if (const std::string forced = environment("FORCE_HYPERLINK"); !forced.empty()) return forced != "0";
  const std::string program = environment("TERM_PROGRAM");
  return program == "iTerm.app" || program == "WezTerm" || program == "vscode" ||
         to_number(environment("VTE_VERSION")).value_or(0) >= 5000 || environment("TERM") == "xterm-kitty" ||
         !environment("KITTY_WINDOW_ID").empty() || !environment("WT_SESSION").empty() ||
         !environment("KONSOLE_VERSION").empty();
}

Status write_all(int fd, std::string_view text, const std::string& name) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("write " + name);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// No time is over (--timeout) while a file is under way: it would be left there.
class Undisturbed {
 public:
  Undisturbed() { ::setitimer(ITIMER_REAL, &kNever, &rest_); }
  ~Undisturbed() { ::setitimer(ITIMER_REAL, &rest_, nullptr); }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  static constexpr itimerval kNever{};
  itimerval rest_{};
};

enum class Place { standard_output, device, file };

// One that is under way.
struct Arriving {
  const Output& output;
  Place place = Place::file;
  std::string path, temporary;
  Fd unnamed;          // has the bytes, and no name yet: who is killed leaves nothing behind
  bool named = false;  // the temporary one is there

  explicit Arriving(const Output& one) : output(one) {}
  Arriving(const Arriving&) = delete;
  Arriving& operator=(const Arriving&) = delete;
  ~Arriving() {
    if (named) ::unlink(temporary.c_str());
  }
};

// Devices and pipes are written to as they are: renaming a file over /dev/stdout would be a surprise.
Status find_place(Arriving& one) {
  one.path = one.output.path;
  struct stat status{};
  if (one.path.empty()) {
    one.place = Place::standard_output;
  } else if (::stat(one.path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return fail(Errc::usage, one.path + ": is a directory");
    if (!S_ISREG(status.st_mode)) one.place = Place::device;
    std::error_code error;  // behind a symbolic link: the file that it names
    const std::filesystem::path real = std::filesystem::canonical(one.path, error);
    if (!error && one.place == Place::file) one.path = real.string();
  }
  one.temporary = one.path + ".part-" + std::to_string(::getpid());
  return {};
}

Status write_temporary(Arriving& one) {
  const Fd fd = TRY(Fd::open(one.temporary, O_WRONLY | O_CREAT | O_EXCL));
  one.named = true;
  return write_all(fd.get(), one.output.text, one.path);
}

// Its bytes, under another name, or none.
Status write_aside(Arriving& one) {
  if (one.place != Place::file) return {};
  const Undisturbed until_it_is_whole;
  const std::string folder = std::filesystem::path(one.path).parent_path();
  Result<Fd> file = Fd::open(folder.empty() ? "." : folder, O_TMPFILE | O_WRONLY);
  if (!file) return write_temporary(one);  // a file system that has none such
  one.unnamed = *std::move(file);
  return write_all(one.unnamed.get(), one.output.text, one.path);
}

Status write_in_place(const Arriving& one) {
  if (one.place != Place::device) return {};
  const Fd fd = TRY(Fd::open(one.path, O_WRONLY));
  return write_all(fd.get(), one.output.text, one.path);
}

Status give_temporary_name(Arriving& one) {
  if (one.place != Place::file || one.named) return {};
  const std::string self = "/proc/self/fd/" + std::to_string(one.unnamed.get());
  one.named = ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, one.temporary.c_str(), AT_SYMLINK_FOLLOW) == 0;
  return one.named ? Status() : write_temporary(one);  // a machine without /proc
}

Status give_name(Arriving& one) {
  if (one.place != Place::file) return {};
  if (std::rename(one.temporary.c_str(), one.path.c_str()) != 0) return fail_errno("write " + one.path);
  one.named = false;
  return {};
}

Status write_to_standard_output(const Arriving& one) {
  if (one.place != Place::standard_output) return {};
  return write_all(STDOUT_FILENO, one.output.text, "standard output");
}

}  // namespace

Style style_of(const Options& options) {
  Style style{.width = kNoTerminal,
              .files = options.files,
              .verbose = options.verbose,
              .suppressed = options.show_suppressed,
              .split = options.split,
              .sort = options.sort,
              .plan_line = options.output.empty() ? options.plan_line : "",
              .run = {.sha = environment("GITHUB_SHA"),
                      .ref = environment("GITHUB_REF"),
                      .id = environment("GITHUB_RUN_ID"),
                      .workflow = environment("GITHUB_WORKFLOW"),
                      .job = environment("GITHUB_JOB"),
                      .server = environment("GITHUB_SERVER_URL"),
                      .repository = environment("GITHUB_REPOSITORY")}};
  if (!options.output.empty() || options.format.empty() || ::isatty(STDOUT_FILENO) == 0) return style;
  style.colour = !options.no_color && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  style.links = style.colour && has_links();
  style.width = terminal_width(kNoTerminal);
  return style;
}

unsigned help_width() { return std::min(terminal_width(kHelp), kWidestHelp); }

Status write_output(const Options& options, std::string text) {
  return write_outputs({{options.output, std::move(text)}});
}

Status write_outputs(const std::vector<Output>& all) {
  std::deque<Arriving> arriving(all.begin(), all.end());
  for (Arriving& one : arriving) TRY(find_place(one));
  for (Arriving& one : arriving) TRY(write_aside(one));
  for (const Arriving& one : arriving) TRY(write_in_place(one));
  for (const Arriving& one : arriving) TRY(write_to_standard_output(one));
  const Undisturbed until_all_have_names;
  for (Arriving& one : arriving) TRY(give_temporary_name(one));
  for (Arriving& one : arriving) TRY(give_name(one));
  return {};
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
