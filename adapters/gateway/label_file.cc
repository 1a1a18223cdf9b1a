#include "adapters/gateway/label_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>

namespace hpol::gateway {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr int kBusyMilliseconds = 500;
constexpr int kWritesBetweenSweeps = 1000;
constexpr const char* kSchema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    "CREATE TABLE IF NOT EXISTS labels (key BLOB PRIMARY KEY, word INTEGER NOT NULL, until INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS ends ON labels (until);";

class LabelFile : public LabelStore {
 public:
  explicit LabelFile(Database database) : database_(std::move(database)) {}

  bool Prepare() {
    return Prepare("SELECT word FROM labels WHERE key = ?1 AND until >= ?2", get_) &&
           Prepare(
               "INSERT INTO labels VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET word = word | "
               "excluded.word,"
               " until = max(until, excluded.until)",
               join_);
  }

  Found Get(std::string_view key, int64_t now, Label& label) noexcept override {
    const std::lock_guard lock(mutex_);
    sqlite3_stmt* const get = get_.get();
    Found found = Found::kUnreachable;
    if (BindKey(get, key) && sqlite3_bind_int64(get, 2, now) == SQLITE_OK) {
      const int result = sqlite3_step(get);
      if (result == SQLITE_ROW) {
        label.word = static_cast<uint64_t>(sqlite3_column_int64(get, 0));
        found = Found::kLabel;
      } else if (result == SQLITE_DONE) {
        found = Found::kNothing;
      }
    }
    sqlite3_reset(get);
    return found;
  }

  bool Join(std::string_view key, Label label, int64_t until) noexcept override {
    const std::lock_guard lock(mutex_);
    sqlite3_stmt* const join = join_.get();
    const bool done = BindKey(join, key) &&
                      sqlite3_bind_int64(join, 2, static_cast<sqlite3_int64>(label.word)) == SQLITE_OK &&
                      sqlite3_bind_int64(join, 3, until) == SQLITE_OK && sqlite3_step(join) == SQLITE_DONE;
    sqlite3_reset(join);
    if (++writes_ % kWritesBetweenSweeps == 0) Sweep();
    return done;
  }

 private:
  bool Prepare(const char* text, Statement& statement) {
    sqlite3_stmt* made = nullptr;
    const int result =
        sqlite3_prepare_v3(database_.get(), text, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    statement.reset(made);
    return result == SQLITE_OK;
  }
  static bool BindKey(sqlite3_stmt* statement, std::string_view key) {
    return sqlite3_bind_blob(statement, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC) ==
           SQLITE_OK;
  }
  // By the clock of the database, so that a caller's clock forgets nothing.
  void Sweep() {
    sqlite3_exec(database_.get(), "DELETE FROM labels WHERE until < unixepoch()", nullptr, nullptr, nullptr);
  }

  std::mutex mutex_;
  Database database_;
  Statement get_, join_;
  uint64_t writes_ = 0;
};

}  // namespace

Result<std::shared_ptr<LabelStore>> OpenLabelFile(const std::string& path) {
  // SQLite would make the file readable by whoever the umask lets.
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return Error{"cannot open the file of labels `" + path + "`"};
  ::close(file);
  sqlite3* opened = nullptr;
  const int result =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, nullptr);
  Database database(opened);
  if (result != SQLITE_OK) return Error{"cannot open the file of labels `" + path + "`"};
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  if (sqlite3_exec(opened, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK)
    return Error{"`" + path + "` is no file of labels"};
  auto labels = std::make_shared<LabelFile>(std::move(database));
  if (!labels->Prepare()) return Error{"`" + path + "` is no file of labels"};
  return std::shared_ptr<LabelStore>(std::move(labels));
}

}  // namespace hpol::gateway
