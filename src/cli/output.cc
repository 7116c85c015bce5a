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
#include <filesystem>
#include <system_error>

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

// Devices and pipes are written to as they are: renaming a file over /dev/stdout would be a surprise.
Status write_in_place(const std::string& path, std::string_view text) {
  const Fd fd = TRY(Fd::open(path, O_WRONLY));
  return write_all(fd.get(), text, path);
}

// Writes to a file without a name, which gets one when it is whole; false: this file system, or this machine, has none such.
Result<bool> write_unnamed(const std::string& temporary, std::string_view text, const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  const Result<Fd> file = Fd::open(folder.empty() ? "." : folder, O_TMPFILE | O_WRONLY);
  if (!file) return false;
  TRY(write_all(file->get(), text, path));
  const std::string self = "/proc/self/fd/" + std::to_string(file->get());
  return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, temporary.c_str(), AT_SYMLINK_FOLLOW) == 0;
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

// Who is killed leaves nothing behind, where files without a name are known.
Status write_whole(const std::string& path, std::string_view text) {
  const Undisturbed until_it_is_whole;
  const std::string temporary = path + ".part-" + std::to_string(::getpid());
  Status done;
  if (!TRY(write_unnamed(temporary, text, path))) {
    const Fd fd = TRY(Fd::open(temporary, O_WRONLY | O_CREAT | O_EXCL));
    done = write_all(fd.get(), text, path);
  }
  if (done && std::rename(temporary.c_str(), path.c_str()) != 0) done = fail_errno("write " + path);
  if (!done) ::unlink(temporary.c_str());
  return done;
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

Status write_output(const Options& options, std::string_view text) {
  if (options.output.empty()) return write_all(STDOUT_FILENO, text, "standard output");
  return write_file(options.output, text);
}

Status write_file(const std::string& path, std::string_view text) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return write_whole(path, text);
  if (S_ISDIR(status.st_mode)) return fail(Errc::usage, path + ": is a directory");
  if (!S_ISREG(status.st_mode)) return write_in_place(path, text);
  std::error_code error;  // behind a symbolic link: the file that it names
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  return write_whole(error ? path : real.string(), text);
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
