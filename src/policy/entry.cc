// SPDX-License-Identifier: Apache-2.0
// The health check is as Docker's "Test" has it: CMD and the words of a command, CMD-SHELL and a line for a shell, or NONE.
#include "policy/entry.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kRunners[] = {
    // shells, and what gives people one; what only waits for somebody to come in
    "sh", "bash", "dash", "zsh", "ksh", "ksh93", "mksh", "ash", "fish", "csh", "tcsh", "rbash", "busybox",
    "toybox", "login", "sulogin", "getty", "agetty", "sshd", "dropbear", "telnetd", "inetd", "xinetd", "ttyd",
    "screen", "tmux", "shellinaboxd", "sleep", "tail", "cat", "true", "yes", "pause",
    // the first process, supervisors, schedulers
    "init", "telinit", "openrc", "openrc-init", "openrc-run", "dinit", "upstart", "tini", "tini-static",
    "dumb-init", "catatonit", "supervisord", "svscan", "svscanboot", "supervise", "runit", "runit-init", "sv",
    "chpst", "softlimit", "setuidgid", "envdir", "envuidgid", "daemon", "daemonize", "start-stop-daemon",
    "service", "systemctl", "invoke-rc.d", "run-parts", "monit", "circusd", "god", "forego", "honcho",
    "foreman", "goreman", "overmind", "hivemind", "pm2", "pm2-runtime", "immortal", "horust", "cron", "crond",
    "cronie", "anacron", "at", "atd", "batch", "fcron", "incrond", "supercronic", "dockerd", "containerd",
    "gitlab-runner", "dbus-daemon", "dbus-run-session", "dbus-launch",
    // what starts the command it is given, in another way
    "env", "su", "sudo", "doas", "pkexec", "runuser", "gosu", "su-exec", "setpriv", "capsh", "sg", "newgrp",
    "chroot", "unshare", "nsenter", "setsid", "setarch", "linux32", "linux64", "nice", "ionice", "chrt",
    "taskset", "numactl", "prlimit", "stdbuf", "unbuffer", "time", "timeout", "watch", "script", "nohup",
    "xargs", "parallel", "find", "flock", "entr", "strace", "ltrace", "gdb", "gdbserver", "valgrind", "perf",
    "fakeroot", "fakechroot", "proot", "bwrap", "firejail", "eatmydata", "faketime", "catchsegv", "socat",
    "nc", "ncat", "tcpserver", "tcpsvd", "fcgiwrap", "spawn-fcgi", "xvfb-run", "xinit", "startx", "torsocks",
    "proxychains", "proxychains4", "tsocks", "dockerize", "confd", "consul-template", "envconsul",
    // interpreters, what runs programs written for one, and what builds
    "awk", "gawk", "mawk", "nawk", "expect", "wish", "guile", "Rscript", "R", "octave", "dotnet", "mono",
    "deno", "bun", "npm", "npx", "yarn", "yarnpkg", "pnpm", "corepack", "gunicorn", "uvicorn", "uwsgi",
    "uwsgi-core", "celery", "rails", "rake", "bundle", "puma", "unicorn", "thin", "gem", "erl", "elixir",
    "iex", "mix", "escript", "rabbitmq-server", "make", "gmake", "ninja", "cmake", "ant", "mvn", "gradle",
    "emacs", "vi", "vim", "git", "man", "ansible", "ansible-playbook", "jenkins", "buildbot", "tomcat"};

// With whatever version, and the helpers beside it: "python3.11", "php-fpm8.2", "s6-svscan".
constexpr std::string_view kFamilies[] = {
    "python", "pypy",  "perl",    "ruby",    "jruby", "php",  "node",    "java",    "lua",     "tclsh",
    "s6-",    "runsv", "systemd", "apache2", "httpd", "exim", "postfix", "jupyter", "lighttpd"};

constexpr std::string_view kAlternatives[] = {
    "nc",     "netcat",   "awk",        "nawk",  "vi",     "vim",        "view",        "ex",
    "editor", "pager",    "ftp",        "pftp",  "telnet", "rsh",        "rlogin",      "rcp",
    "which",  "java",     "javac",      "mt",    "write",  "from",       "w",           "rename",
    "cc",     "c++",      "c89",        "c99",   "lzma",   "iptables",   "ip6tables",   "pinentry",
    "php",    "phar",     "python",     "ruby",  "gem",    "traceroute", "www-browser", "fakeroot",
    "open",   "sendmail", "newaliases", "mailq", "mail",   "mailx",      "arptables",   "ebtables"};

// Words of a shell that start nothing.
constexpr std::string_view kOfShell[] = {"exit",   "true", "false", "test",  "[",       "echo",
                                         "printf", ":",    "cd",    "set",   "export",  "read",
                                         "return", "fi",   "done",  "break", "continue"};
constexpr std::string_view kBeforeCommand[] = {"!", "if", "then", "else", "elif", "do", "while", "until"};

template <std::size_t N>
bool is_one_of(const std::string_view (&all)[N], std::string_view word) {
  return std::ranges::find(all, word) != std::end(all);
}

bool is_of_word(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("/._+-").find(c) != std::string_view::npos;
}

bool is_assignment(std::string_view word) {
  const std::size_t end = word.find('=');
  return end != std::string_view::npos && end > 0 && std::ranges::all_of(word.substr(0, end), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '_';
         });
}

// What one simple command starts; empty: nothing by itself.
std::string_view started(std::string_view command) {
  for (const std::string_view one : split(command, ' ')) {
    const std::string_view word = trim(one);
    if (word.empty() || is_one_of(kBeforeCommand, word) || is_assignment(word)) continue;
    const bool digits = std::ranges::all_of(word, is_digit);  // of "2>&1"
    return digits || is_one_of(kOfShell, word) ? std::string_view() : word;
  }
  return {};
}

std::optional<std::vector<std::string>> started_by_shell(std::string_view line) {
  std::string text(line);
  for (char& c : text) {
    if (c == '\t') c = ' ';
    if (std::string_view("|&\n(){}`").find(c) != std::string_view::npos) c = ';';
  }
  std::vector<std::string> all;
  for (const std::string_view command : split(text, ';')) {
    const std::string_view word = started(command);
    if (!std::ranges::all_of(word, is_of_word)) return std::nullopt;
    if (!word.empty()) all.emplace_back(word);
  }
  return all;
}

}  // namespace

bool is_runner(std::string_view program) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  const std::string_view plain = name.substr(0, name.find_last_not_of("0123456789.") + 1);
  return is_one_of(kRunners, name) || is_one_of(kRunners, plain) ||
         std::ranges::any_of(kFamilies, [name](std::string_view one) { return name.starts_with(one); });
}

bool is_alternative(std::string_view name) { return is_one_of(kAlternatives, name); }

std::vector<std::string> words_of(const EntryPoint& entry) {
  std::vector<std::string> words;
  for (const std::vector<std::string>* all : {&entry.command, &entry.check}) {
    for (const std::string& text : *all) {
      std::string word;
      for (const char c : text + " ") {
        if (is_of_word(c)) {
          word += c;
        } else if (!word.empty()) {
          words.push_back(std::exchange(word, {}));
        }
      }
    }
  }
  sort_unique(words);
  return words;
}

std::optional<std::vector<std::string>> programs_of_check(const std::vector<std::string>& check) {
  if (check.empty() || check[0] == "NONE") return std::vector<std::string>();
  if (check[0] == "CMD" && check.size() > 1) return std::vector<std::string>{check[1]};
  if (check[0] == "CMD-SHELL" && check.size() == 2) return started_by_shell(check[1]);
  return std::nullopt;
}

}  // namespace peekr
