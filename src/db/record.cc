// SPDX-License-Identifier: Apache-2.0
// Each struct has one function that names its fields, for both directions: a Writer appends them, a Reader
// fills them.
#include "db/record.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/cursor.h"

namespace peekr::record {
namespace {

class Writer {
 public:
  // In place of what is in `out`.
  explicit Writer(std::string& out) : out_(out) { out_.clear(); }
  void number(std::uint64_t value) {
    if (value > 0x7F) return long_number(value);
    out_ += static_cast<char>(value);  // most are so small
  }
  void field(std::string_view text) {
    number(text.size());
    if (!text.empty()) out_ += text;
  }
  void field(std::uint64_t value) { number(value); }
  void flag(bool value) { number(value ? 1 : 0); }
  template <class E>
  void choice(E value, E /*last*/) {
    number(static_cast<std::uint64_t>(value));
  }
  template <class T, class F>
  void list(const std::vector<T>& items, F item) {
    number(items.size());
    for (const T& one : items) item(*this, one);
  }
  void append(std::string_view bytes) { out_ += bytes; }
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  void long_number(std::uint64_t value) {
    put_varint(value, [this](char byte) { out_ += byte; });
  }

  std::string& out_;
};

// Items of a list that there is room for before they are seen.
constexpr std::uint64_t kFew = 8;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  // Into what is empty, as most fields of most records stay.
  void field(std::string& text) {
    const std::string_view read = in_.take(in_.varint());
    if (!read.empty()) text = read;
  }
  void field(std::uint64_t& value) { value = in_.varint(); }
  void flag(bool& value) {
    const std::uint64_t read = in_.varint();
    bad_choice_ = bad_choice_ || read > 1;
    value = read == 1;
  }
  template <class E>
  void choice(E& value, E last) {
    const std::uint64_t read = in_.varint();
    if (read > static_cast<std::uint64_t>(last)) {
      bad_choice_ = true;
    } else {
      value = static_cast<E>(read);
    }
  }
  // The count is not believed: each item takes at least a byte, so the loop ends with the bytes.
  template <class T, class F>
  void list(std::vector<T>& items, F item) {
    std::uint64_t left = in_.varint();
    if (left == 0) return;
    items.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(left, kFew)));
    for (; left > 0 && in_.ok(); --left) item(*this, items.emplace_back());
  }
  [[nodiscard]] bool whole() const { return in_.ok() && in_.at_end() && !bad_choice_; }

 private:
  Cursor in_;
  bool bad_choice_ = false;
};

// In what follows A is a Writer with const values, or a Reader with values to fill.
template <class A, class T>
void texts(A& archive, T& list) {
  archive.list(list, [](A& a, auto& text) { a.field(text); });
}

template <class A, class T>
void event(A& archive, T& one) {
  archive.choice(one.kind, Event::Kind::limit);
  archive.field(one.version);
}

template <class A, class T>
void range(A& archive, T& one) {
  archive.field(one.type);
  archive.list(one.events, [](A& a, auto& item) { event(a, item); });
  archive.field(one.repository);
}

template <class A, class T>
void affected(A& archive, T& one) {
  archive.field(one.ecosystem);
  archive.field(one.package);
  archive.choice(one.key, KeyKind::binary);
  archive.list(one.ranges, [](A& a, auto& item) { range(a, item); });
  texts(archive, one.versions);
  archive.choice(one.standing, Standing::under_investigation);
  archive.field(one.reason);
  archive.field(one.urgency);
  texts(archive, one.vectors);
  archive.field(one.module);
  texts(archive, one.arches);
  texts(archive, one.systems);
  archive.list(one.code, [](A& a, auto& item) {
    a.field(item.path);
    texts(a, item.symbols);
  });
}

// But for its affected, which stand behind it.
template <class A, class T>
void advisory(A& archive, T& one) {
  archive.choice(one.kind, Advisory::Kind::malware);
  for (auto* text : {&one.id, &one.publisher}) archive.field(*text);
  for (auto* list : {&one.aliases, &one.upstream, &one.related}) texts(archive, *list);
  for (auto* text : {&one.summary, &one.details, &one.published, &one.modified, &one.withdrawn})
    archive.field(*text);
  texts(archive, one.vectors);
  for (auto* text : {&one.severity, &one.review}) archive.field(*text);
  for (auto* list : {&one.weaknesses, &one.cpes}) texts(archive, *list);
  archive.list(one.ratings, [](A& a, auto& item) {
    for (auto* text : {&item.source, &item.vector, &item.word}) a.field(*text);
  });
  archive.list(one.references, [](A& a, auto& item) {
    a.field(item.type);
    a.field(item.url);
  });
}

// A share is stored in billionths: publishers give at most nine decimals.
constexpr double kShare = 1e9;
void share(Writer& out, const double& value) {
  out.number(static_cast<std::uint64_t>(std::llround(std::clamp(value, 0.0, 1.0) * kShare)));
}
void share(Reader& in, double& value) {
  std::uint64_t parts = 0;
  in.field(parts);
  value = static_cast<double>(parts) / kShare;
}

// Nothing, or one.
template <class T, class F>
void maybe(Writer& out, const std::optional<T>& value, F fields) {
  out.number(value ? 1 : 0);
  if (value) fields(out, *value);
}
template <class T, class F>
void maybe(Reader& in, std::optional<T>& value, F fields) {
  bool there = false;
  in.flag(there);
  if (there) fields(in, value.emplace());
}

template <class A, class T>
void risk(A& archive, T& one) {
  for (auto* text : {&one.cve, &one.source, &one.date}) archive.field(*text);
  maybe(archive, one.epss, [](A& a, auto& epss) {
    share(a, epss.score);
    share(a, epss.percentile);
  });
  maybe(archive, one.kev, [](A& a, auto& kev) {
    for (auto* text : {&kev.added, &kev.due, &kev.action}) a.field(*text);
    a.flag(kev.ransomware);
  });
  maybe(archive, one.ssvc, [](A& a, auto& ssvc) {
    a.choice(ssvc.exploitation, Exploitation::active);
    a.flag(ssvc.automatable);
    a.flag(ssvc.total);
  });
}

void note(Writer& archive, const Note& one) {
  archive.field(one.path.str());
  archive.choice(one.why, Why::suspicious);
  archive.field(one.what);
}

void note(Reader& archive, Note& one) {
  std::string path;
  archive.field(path);
  one.path = Path(path);
  archive.choice(one.why, Why::suspicious);
  archive.field(one.what);
}

template <class A, class T>
void source(A& archive, T& one) {
  archive.field(one.name);
  archive.field(one.feed);
  archive.field(one.records);
  for (auto* text : {&one.newest, &one.fetched, &one.held}) archive.field(*text);
  archive.list(one.notes, [](A& a, auto& item) { note(a, item); });
  archive.field(one.left_out);
}

// A list of pairs: keys of a map cannot be filled in place.
using State = std::vector<std::pair<std::string, std::string>>;

template <class A, class T>
void state(A& archive, T& pairs) {
  archive.list(pairs, [](A& a, auto& item) {
    a.field(item.first);
    a.field(item.second);
  });
}

}  // namespace

void encode(const Advisory& one, Encoded& out) {
  Writer writer(out.bytes);
  advisory(writer, one);
  out.affected.clear();
  writer.list(one.affected, [&](Writer& a, const Affected& item) {
    out.affected.push_back(a.size());
    affected(a, item);
  });
}

void encode_row(const Advisory& advisory, const Encoded& encoded, std::span<const std::size_t> affected,
                std::string& out) {
  Writer writer(out);
  writer.field(affected.size() == 1 ? sole_fix(advisory.affected[affected[0]]) : std::string_view());
  writer.field(advisory.id);
  writer.number(affected.size());
  for (const std::size_t i : affected) {
    const bool last = i + 1 == encoded.affected.size();
    const std::size_t from = encoded.affected[i], to = last ? encoded.bytes.size() : encoded.affected[i + 1];
    writer.append(std::string_view(encoded.bytes).substr(from, to - from));
  }
}

std::string encode(const Advisory& one) {
  Encoded encoded;
  encode(one, encoded);
  return std::move(encoded.bytes);
}

std::string encode(std::string_view id, const std::vector<const Affected*>& list) {
  std::string bytes;
  Writer out(bytes);
  out.field(list.size() == 1 ? sole_fix(*list.front()) : std::string_view());
  out.field(id);
  out.list(list, [](Writer& a, const Affected* item) { affected(a, *item); });
  return bytes;
}

std::string encode(const Risk& one) {
  std::string bytes;
  Writer out(bytes);
  risk(out, one);
  return bytes;
}

std::string encode(const DbSource& one) {
  std::string bytes;
  Writer out(bytes);
  source(out, one);
  const State pairs(one.state.begin(), one.state.end());
  state(out, pairs);
  return bytes;
}

std::string encode(const Past& past) {
  std::string bytes;
  Writer out(bytes);
  out.field(past.source);
  out.field(past.id);
  out.number(past.bytes ? 1 : 0);
  out.field(past.bytes.value_or(""));
  return bytes;
}

std::string encode(std::span<const PastRisk> risks) {
  std::string bytes;
  Writer out(bytes);
  out.number(risks.size());
  for (const PastRisk& one : risks) {
    out.field(one.key);
    out.flag(one.bytes.has_value());
    out.field(one.bytes.value_or(""));
  }
  return bytes;
}

Status decode(std::string_view bytes, Advisory& empty) {
  Reader in(bytes);
  advisory(in, empty);
  in.list(empty.affected, [](Reader& a, Affected& item) { affected(a, item); });
  if (!in.whole()) return fail(Errc::damaged, "database: advisory record is damaged");
  return {};
}

Result<Advisory> decode_advisory(std::string_view bytes) {
  Advisory one;
  TRY(decode(bytes, one));
  return one;
}

Status decode_row(std::string_view bytes, Row& row) {
  Reader in(bytes);
  row.advisory.clear();
  row.affected.clear();
  std::string fix;
  in.field(fix);
  in.field(row.advisory);
  in.list(row.affected, [](Reader& a, Affected& item) { affected(a, item); });
  if (!in.whole()) return fail(Errc::damaged, "database: package record is damaged");
  return {};
}

std::string_view row_sole_fix(std::string_view bytes) {
  Cursor in(bytes);
  const std::string_view fix = in.take(in.varint());
  return in.ok() ? fix : std::string_view();
}

Result<Risk> decode_risk(std::string_view bytes) {
  Reader in(bytes);
  Risk one;
  risk(in, one);
  if (!in.whole()) return fail(Errc::damaged, "database: risk record is damaged");
  return one;
}

Result<DbSource> decode_source(std::string_view bytes) {
  Reader in(bytes);
  DbSource one;
  source(in, one);
  State pairs;
  state(in, pairs);
  if (!in.whole()) return fail(Errc::damaged, "database: source record is damaged");
  one.state.insert(pairs.begin(), pairs.end());
  return one;
}

Result<Past> decode_past(std::string_view bytes) {
  Reader in(bytes);
  Past past;
  std::uint64_t there = 0;
  std::string old;
  in.field(past.source);
  in.field(past.id);
  in.field(there);
  in.field(old);
  if (!in.whole() || there > 1) return fail(Errc::damaged, "database: history record is damaged");
  if (there == 1) past.bytes = std::move(old);
  return past;
}

Result<std::vector<PastRisk>> decode_past_risks(std::string_view bytes) {
  Reader in(bytes);
  std::vector<PastRisk> risks;
  in.list(risks, [](Reader& a, PastRisk& one) {
    bool there = false;
    std::string old;
    a.field(one.key);
    a.flag(there);
    a.field(old);
    if (there) one.bytes = std::move(old);
  });
  if (!in.whole()) return fail(Errc::damaged, "database: history record is damaged");
  return risks;
}

Result<std::string> decode_id(std::string_view bytes) {
  Cursor in(bytes);
  in.varint();  // kind
  const std::string_view id = in.take(in.varint());
  if (!in.ok() || id.empty()) return fail(Errc::damaged, "database: advisory record is damaged");
  return std::string(id);
}

// As advisory() has it, up to there.
Result<Stamp> decode_stamp(std::string_view bytes) {
  Cursor in(bytes);
  const auto text = [&] { return in.take(in.varint()); };
  in.varint();  // kind
  Stamp stamp{.id = text()};
  text();                                 // publisher
  for (int list = 0; list < 3; ++list) {  // aliases, upstream, related
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) text();
  }
  for (int passed = 0; passed < 3; ++passed) text();  // summary, details, published
  stamp.modified = text();
  if (!in.ok() || stamp.id.empty()) return fail(Errc::damaged, "database: advisory record is damaged");
  return stamp;
}

}  // namespace peekr::record
