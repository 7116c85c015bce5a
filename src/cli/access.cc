// SPDX-License-Identifier: Apache-2.0
#include "cli/access.h"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "base/environment.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/values.h"
#include "report/columns.h"
#include "source/reference.h"

namespace peekr {
namespace {

constexpr std::uint64_t kSecretBytes = 1 << 20;

// The first line of a file; "-" is standard input.
Result<std::string> first_line(const std::string& file) {
  const std::string path = file == "-" ? "/dev/stdin" : file;
  const std::string all = TRY(read_file(path, kSecretBytes));
  std::string_view rest = all;
  return std::string(rest.empty() ? rest : next_line(rest));
}

// The host that a target of peekr diff names; empty: none, or it is no name of an image.
std::string host_named_by(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("registry:"), kRegistryUrl}) {
    if (target.starts_with(scheme)) target.remove_prefix(scheme.size());
  }
  const Result<ImageReference> reference = parse_reference(target);
  return reference && reference->names_host ? reference->host : "";
}

// For which registry the token is.
Status take_host(const Options& options, Access& access) {
  const std::string said = environment("PEEKR_REGISTRY");
  if (said.find('/') != std::string::npos)
    return fail(Errc::usage, "PEEKR_REGISTRY " + printable(said) + ": want a host, such as ghcr.io");
  const bool hub = said == "index.docker.io" || said == "registry-1.docker.io";
  access.token_host = hub ? "docker.io" : said;
  if (!said.empty() || options.command != Command::diff) return {};
  const std::string before = host_named_by(options.before), after = host_named_by(options.after);
  if (before.empty() || after.empty() || before == after) return {};
  return fail(Errc::usage, "registry token: it is for one registry, and the targets are in " + before +
                               " and " + after + ": PEEKR_REGISTRY says in which");
}

Status take_secrets(const Options& options, Access& access) {
  if (options.password_stdin) {
    access.password = TRY(within("--password-stdin", first_line("-")));
    if (access.password.empty()) return fail(Errc::usage, "--password-stdin: there is no password");
  }
  if (access.username.empty()) access.token = trim(environment("PEEKR_REGISTRY_TOKEN"));
  if (!options.token_file.empty()) {
    access.token = trim(TRY(within("--registry-token", first_line(options.token_file))));
    if (access.token.empty()) return fail(Errc::usage, "--registry-token: there is no token");
  }
  if (access.token.find_first_of("\r\n") != std::string::npos)
    return fail(Errc::usage, "registry token: is more than one line");
  return access.token.empty() ? Status() : take_host(options, access);
}

extern "C" void on_alarm(int) {
  end_children();
  remove_unfinished_outputs();
  constexpr std::string_view kWords = "peekr: given up: the time of --timeout is over\n";
  if (::write(STDERR_FILENO, kWords.data(), kWords.size()) < 0) ::_exit(1);
  ::_exit(1);
}

}  // namespace

void give_up_after(std::chrono::milliseconds time) {
  std::signal(SIGALRM, on_alarm);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  itimerval timer{};
  timer.it_value.tv_sec = seconds.count();
  timer.it_value.tv_usec = std::chrono::microseconds(time - seconds).count();
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

std::string cache_home() {
  if (std::string cache = environment("XDG_CACHE_HOME"); !cache.empty()) return cache + "/peekr";
  const std::string home = environment("HOME");
  return (home.empty() ? "/root" : home) + "/.cache/peekr";
}

std::string cache_directory() { return cache_home() + "/layers"; }

Result<std::uint64_t> cache_limit() {
  const std::string text = environment("PEEKR_CACHE_SIZE");
  if (text.empty()) return std::uint64_t{1} << 30;
  const std::optional<std::uint64_t> size = size_of(text);
  if (!size)
    return fail(Errc::usage,
                "PEEKR_CACHE_SIZE " + printable(text) + ": want a number of bytes, or with K, M, G or T");
  return *size;
}

Result<std::unique_ptr<Session>> Session::open(const Options& options) {
  end_children_by_signals();
  std::unique_ptr<Session> session(new Session(options));
  session->request_ = options.request;
  Access& access = session->request_.image.access;
  Bars& bars = session->bars_;
  access.tell = [&bars](std::string_view line) { bars.tell("", one_line(line)); };
  access.watch = [&bars](const Coming& one) {
    if (one.ended) return bars.tell(one.name, "");
    bars.show({.source = one.name, .bytes = one.bytes, .total = one.total},
              {.label = one.label, .patience = one.patience});
  };
  TRY(take_secrets(options, access));
  unsigned backoff = static_cast<unsigned>(access.backoff.count());
  set_from_environment("PEEKR_FETCH_BACKOFF_MS", backoff);
  access.backoff = std::chrono::milliseconds(backoff);
  set_from_environment("PEEKR_FETCH_TRIES", access.tries);
  set_from_environment("PEEKR_FETCH_PATIENCE", access.patience);
  const std::uint64_t limit = TRY(cache_limit());
  if (!options.no_cache && limit > 0) session->cache_ = std::make_unique<Cache>(cache_directory(), limit);
  session->request_.read.cache = session->cache_.get();
  return session;
}

void Session::finish() {
  if (cache_ == nullptr) return;
  cache_->keep_to_limit();
  if (const std::size_t damaged = cache_->damaged(); damaged > 0)
    tell(options_, "cache: " + std::to_string(damaged) +
                       (damaged == 1 ? " damaged entry was" : " damaged entries were") +
                       " removed: not used");
  if (const std::string trouble = cache_->trouble(); !trouble.empty()) tell(options_, one_line(trouble));
}

}  // namespace peekr
