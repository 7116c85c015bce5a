// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>

#include "base/fd.h"
#include "base/memory.h"
#include "base/text.h"

extern char** environ;

namespace peekr {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Fd read, write;
};

// A pair of sockets: to write into one that nobody reads need not raise SIGPIPE.
Result<Pipe> make_pipe() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return fail_errno("socketpair");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// bound_memory() is of this process: a program written in Go wants more from its first instant, and has what we have then.
class Unbound {
 public:
  Unbound() : alone_(one_at_a_time) {
    if (!memory_is_bound() || ::getrlimit(RLIMIT_DATA, &before_) != 0) return;
    rlimit most = before_;
    most.rlim_cur = data_limit_before();
    ::setrlimit(RLIMIT_DATA, &most);
    lifted_ = true;
  }
  Unbound(const Unbound&) = delete;
  Unbound& operator=(const Unbound&) = delete;
  ~Unbound() {
    if (lifted_) ::setrlimit(RLIMIT_DATA, &before_);
  }

 private:
  static constinit inline std::mutex one_at_a_time;
  std::lock_guard<std::mutex> alone_;
  rlimit before_{};
  bool lifted_ = false;
};

// The children that run, for handlers of signals. Where there is no room, one ends by itself.
constexpr std::size_t kMostChildren = 64;
constinit std::array<std::atomic<pid_t>, kMostChildren> groups{};
static_assert(std::atomic<pid_t>::is_always_lock_free);

void change_groups(pid_t from, pid_t to) {
  for (std::atomic<pid_t>& one : groups) {
    if (pid_t at = from; one.compare_exchange_strong(at, to)) return;
  }
}

std::atomic<bool (*)(int)> clearing = nullptr;

extern "C" void on_end(int signal) {
  const auto clear = clearing.load();
  if (clear != nullptr && !clear(signal)) return;
  end_children();
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // comes when this returns
}

// A child of ours: in a process group of its own, so that what it has started ends with it.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { finish({}); }

  // error_line -1: its standard error goes nowhere.
  Status start(const std::vector<std::string>& command, int in, int out, int error_line) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (error_line < 0) ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (error_line >= 0) ::posix_spawn_file_actions_adddup2(&actions, error_line, STDERR_FILENO);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    sigset_t usual;
    ::sigemptyset(&usual);
    for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaddset(&usual, signal);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const int error = [&] {
      const Unbound begins_without_bound;
      return ::posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environ);
    }();
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error == 0) {
      change_groups(0, pid_);
      return {};
    }
    pid_ = 0;
    errno = error;
    return fail_errno("start it");
  }

  bool has_ended() const {
    siginfo_t info{};
    const int asked = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG);
    return asked == 0 && info.si_pid != 0;
  }

  // Waits until then for it to end, and ends what still runs of it; its exit status.
  int finish(Clock::time_point until) {
    if (pid_ == 0) return 0;
    while (Clock::now() < until && !has_ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::kill(-pid_, SIGKILL);  // before it is waited for: as long as that, the number is its own
    change_groups(pid_, 0);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = 0;
};

// Feeds the input and takes the output until that is closed.
Status talk(const Run& what, Clock::time_point end, Fd in, const Fd& out, std::string& said) {
  std::string_view left = what.input;
  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  if (left.empty()) in = Fd();
  for (char buffer[4096];;) {
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    const std::string seconds =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(what.limit).count());
    if (wait <= 0) return fail(Errc::limit, "no answer within " + seconds + " seconds");
    pollfd lines[2] = {{out.get(), POLLIN, 0}, {in.get(), POLLOUT, 0}};
    if (::poll(lines, 2, static_cast<int>(wait)) < 0 && errno != EINTR) return fail_errno("poll");
    if (lines[1].revents != 0) {
      const ssize_t written = ::send(in.get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
      if (written < 0 && errno != EAGAIN && errno != EINTR) left = {};  // it does not want to know
      if (left.empty()) in = Fd();
    }
    if (lines[0].revents == 0) continue;
    const ssize_t count = ::read(out.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read");
    if (count == 0) return {};
    said.append(buffer, static_cast<std::size_t>(count));
    if (said.size() > what.most)
      return fail(Errc::limit, "says more than " + std::to_string(what.most) + " bytes");
  }
}

Result<Ran> run_it(const Run& what) {
  Pipe in = TRY(make_pipe()), out = TRY(make_pipe());
  Child child;
  TRY(child.start(what.command, in.read.get(), out.write.get(), -1));
  in.read = Fd();
  out.write = Fd();
  Ran ran;
  const Clock::time_point end = Clock::now() + what.limit;
  TRY(talk(what, end, std::move(in.write), out.read, ran.output));
  ran.status = child.finish(end);
  return ran;
}

class RunningChild : public Running {
 public:
  explicit RunningChild(std::string name) : name_(std::move(name)) {}

  Status start(const std::vector<std::string>& command) {
    Pipe out = TRY(make_pipe()), error = TRY(make_pipe());
    const Fd nothing = TRY(Fd::open("/dev/null", O_RDONLY));
    TRY(child_.start(command, nothing.get(), out.write.get(), error.write.get()));
    out_ = std::move(out.read);
    error_ = std::move(error.read);
    return {};
  }

  Result<std::string_view> next() override {
    for (const Clock::time_point until = Clock::now() + kPatience; out_.valid();) {
      const bool came = TRY(within(name_, take(until)));
      if (came) return std::string_view(buffer_.data(), filled_);
    }
    TRY(within(name_, end()));
    return std::string_view();
  }

 private:
  static constexpr std::size_t kMostComplaint = 4096;
  static constexpr std::chrono::minutes kPatience{10};
  static constexpr std::chrono::seconds kToEnd{30};  // after its last output

  // Waits until then for something to come; whether that was output.
  Result<bool> take(Clock::time_point until) {
    pollfd lines[2] = {{out_.get(), POLLIN, 0}, {error_.get(), POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    const int ready = ::poll(lines, 2, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready < 0 && errno == EINTR) return false;
    if (ready < 0) return fail_errno("poll");
    if (ready == 0) return fail(Errc::limit, "no output for ten minutes");
    if (lines[1].revents != 0) TRY(listen());
    if (lines[0].revents == 0) return false;
    filled_ = TRY(read_from(out_));
    if (filled_ == 0) out_ = Fd();
    return filled_ > 0;
  }

  // What it says on its standard error, of which the start is kept.
  Status listen() {
    const std::size_t count = TRY(read_from(error_));
    complaint_.append(buffer_.data(), std::min(count, kMostComplaint - complaint_.size()));
    if (count == 0) error_ = Fd();
    return {};
  }

  Result<std::size_t> read_from(const Fd& line) {
    for (;;) {
      const ssize_t count = ::read(line.get(), buffer_.data(), buffer_.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return fail_errno("read");
    }
  }

  // The rest of its complaints: what it has started may hold that line open when it has ended.
  Status hear_out(Clock::time_point until) {
    while (error_.valid() && Clock::now() < until) {
      const bool gone = child_.has_ended();  // asked first: what it has said is there then
      pollfd line{error_.get(), POLLIN, 0};
      const int ready = ::poll(&line, 1, gone ? 0 : 50);
      if (ready < 0 && errno != EINTR) return fail_errno("poll");
      if (ready > 0) TRY(listen());
      if (ready == 0 && gone) break;
    }
    error_ = Fd();
    return {};
  }

  Status end() {
    if (!ended_) {
      const Clock::time_point until = Clock::now() + kToEnd;
      TRY(hear_out(until));
      status_ = child_.finish(until);
    }
    ended_ = true;
    if (status_ == 0) return {};
    const std::string_view why = cut(complaint_, '\n').first;
    return fail(Errc::io,
                "exit status " + std::to_string(status_) + (why.empty() ? "" : ": " + printable(why)));
  }

  std::string name_, complaint_;
  Child child_;
  Fd out_, error_;
  std::vector<char> buffer_ = std::vector<char>(262144);
  std::size_t filled_ = 0;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace

Result<std::unique_ptr<Running>> Running::start(const std::vector<std::string>& command) {
  auto running = std::make_unique<RunningChild>(command.front());
  TRY(within(command.front(), running->start(command)));
  return running;
}

void end_children() {
  for (const std::atomic<pid_t>& one : groups) {
    if (const pid_t group = one.load(); group > 0) ::kill(-group, SIGKILL);
  }
}

void end_children_by_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction now{};
    const bool usual = ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_DFL;
    if (usual) ::signal(signal, on_end);  // nohup(1) has it ignored
  }
}

void clear_before_end(bool (*clear)(int signal)) { clearing = clear; }

Result<Ran> run(const Run& what) { return within(what.command.front(), run_it(what)); }

}  // namespace peekr
