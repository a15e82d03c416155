#include "journal_test_support.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstring>
#include <sqlite3.h>

/// @file
/// What a journal does when the disk fails, which a layer between SQLite and the disk makes it do.

namespace {

using namespace vidi::batch;
using namespace vidi::batch::test;

// How many more writes and syncs succeed, and what those after them say.
int successes_left = 0;
int failure_code = SQLITE_OK;
int steps = 0;

int outcome()
{
    ++steps;
    return failure_code != SQLITE_OK && --successes_left < 0 ? failure_code : SQLITE_OK;
}

struct failing_file
{
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<failing_file*>(file)->real(); }

// Calls the method of the real file.
template <auto Method>
struct forward;
template <class... Arguments, int (*sqlite3_io_methods::*Method)(sqlite3_file*, Arguments...)>
struct forward<Method>
{
    static int call(sqlite3_file* file, Arguments... arguments)
    {
        return (real(file)->pMethods->*Method)(real(file), arguments...);
    }
    static int call_or_fail(sqlite3_file* file, Arguments... arguments)
    {
        int const code = outcome();
        return code == SQLITE_OK ? call(file, arguments...) : code;
    }
};

void shared_memory_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }

using io = sqlite3_io_methods;
io const methods = {
    2,
    forward<&io::xClose>::call,
    forward<&io::xRead>::call,
    forward<&io::xWrite>::call_or_fail,
    forward<&io::xTruncate>::call,
    forward<&io::xSync>::call_or_fail,
    forward<&io::xFileSize>::call,
    forward<&io::xLock>::call,
    forward<&io::xUnlock>::call,
    forward<&io::xCheckReservedLock>::call,
    forward<&io::xFileControl>::call,
    forward<&io::xSectorSize>::call,
    forward<&io::xDeviceCharacteristics>::call,
    forward<&io::xShmMap>::call,
    forward<&io::xShmLock>::call,
    shared_memory_barrier,
    forward<&io::xShmUnmap>::call,
    nullptr,
    nullptr};

int open_failing(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* out_flags)
{
    auto* const disk = static_cast<sqlite3_vfs*>(vfs->pAppData);
    int const code = disk->xOpen(disk, name, real(file), flags, out_flags);
    file->pMethods = real(file)->pMethods ? &methods : nullptr;
    return code;
}

// Makes all files that are opened while it lives fail as the variables above say.
class failing_disk
{
public:
    failing_disk()
    {
        vfs_.szOsFile += static_cast<int>(sizeof(failing_file));
        vfs_.zName = "failing";
        vfs_.pAppData = disk_;
        vfs_.xOpen = open_failing;
        sqlite3_vfs_register(&vfs_, 1);
        failure_code = SQLITE_OK;
        steps = 0;
    }
    ~failing_disk()
    {
        failure_code = SQLITE_OK;
        sqlite3_vfs_register(disk_, 1);
        sqlite3_vfs_unregister(&vfs_);
    }

    failing_disk(failing_disk const&) = delete;
    failing_disk& operator=(failing_disk const&) = delete;

    static void fail_after(int successes, int code)
    {
        successes_left = successes;
        failure_code = code;
    }

private:
    sqlite3_vfs* disk_ = sqlite3_vfs_find(nullptr);
    // Its other functions use nothing that is the disk's own.
    sqlite3_vfs vfs_ = *disk_;
};

// Three items in each of three transactions, from the first item of the journal that is not there.
void work(journal& journal)
{
    for (int transaction = 0; transaction < 3; ++transaction) {
        auto const first = journal.counts().items + 1;
        journal.begin();
        for (auto i = first; i < first + 3; ++i) {
            journal.finish(
                journal.enter(item_at(i), question_of(i)).question, answer(std::string(3000, 'x')));
            journal.report(i, i);
        }
        journal.commit();
    }
}

struct failure_case
{
    int code = 0;
    char const* what = "";
};

class journal_failure : public journal_test, public ::testing::WithParamInterface<failure_case>
{
};

TEST_P(journal_failure, at_any_write_loses_nothing_that_was_committed)
{
    int failures = 0;
    for (int successes = 0;; ++successes) {
        std::filesystem::remove(file);
        std::uint64_t committed = 0;
        bool failed = false;
        {
            failing_disk const disk;
            auto const journal = create();
            work(*journal);
            committed = journal->counts().items;
            disk.fail_after(successes, GetParam().code);
            auto const error = error_of([&] { work(*journal); });
            failed = !error.empty();
            if (failed) {
                ++failures;
                EXPECT_NE(error.find(GetParam().what), std::string::npos) << error;
                EXPECT_NE(error.find(file.string()), std::string::npos) << error;
                // It stays closed, though the disk works again.
                disk.fail_after(0, SQLITE_OK);
                for (auto const& refused :
                     {error_of([&] { journal->begin(); }), error_of([&] { journal->counts(); }),
                      error_of([&] { journal->enter(item_at(1), question_of(1)); }),
                      error_of([&] { reported(*journal); })})
                    EXPECT_NE(refused.find(GetParam().what), std::string::npos) << refused;
            }
        }
        auto const items = read_all(file);
        EXPECT_GE(items.size(), committed);
        EXPECT_EQ(items.size() % 3, 0U) << "a transaction is there in part";
        for (auto const& [origin, result] : items)
            EXPECT_TRUE(result && result->text.size() == 3000);
        auto const journal = resume();
        EXPECT_EQ(reported(*journal).size(), items.size());
        work(*journal);
        if (!failed)
            break;
    }
    EXPECT_GT(failures, 10);
}

TEST_P(journal_failure, while_it_is_made_is_an_error)
{
    for (int successes = 0;; ++successes) {
        std::filesystem::remove(file);
        std::string error;
        {
            failing_disk const disk;
            disk.fail_after(successes, GetParam().code);
            error = error_of([&] { create(); });
            if (failure_code == SQLITE_OK || successes_left >= 0)
                break;
        }
        if (error.empty())
            continue; // It was closing it that failed, which loses nothing.
        EXPECT_NE(error.find(GetParam().what), std::string::npos) << error;
        // Whether it is whole or empty, the job can be gone on with.
        EXPECT_EQ(error_of([&] { resume(); }), "");
    }
}

INSTANTIATE_TEST_SUITE_P(
    all, journal_failure,
    ::testing::Values(
        failure_case{SQLITE_FULL, "the disk is full"},
        failure_case{SQLITE_IOERR_WRITE, "cannot be read or written"}),
    [](auto const& of) { return of.index == 0 ? "full" : "broken"; });

TEST_F(journal_test, a_limit_on_the_size_of_files_is_an_error)
{
    auto const said = directory / "said";
    EXPECT_EQ(
        status_of_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            auto const journal = create();
            work(*journal);
            rlimit const limit{300'000, 300'000};
            setrlimit(RLIMIT_FSIZE, &limit);
            auto const error = error_of([&] {
                for (;;)
                    work(*journal);
            });
            std::ofstream{said} << error;
        }),
        0);
    std::string error;
    std::getline(std::ifstream{said}, error);
    EXPECT_NE(error.find("limit on the size of a file"), std::string::npos) << error;
    auto const items = read_all(file);
    EXPECT_GE(items.size(), 9U);
    EXPECT_EQ(items.size() % 3, 0U);
    work(*resume());
}

TEST_F(journal_test, held_by_another_program_it_is_an_error)
{
    create();
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    auto const error = error_of([&] { resume(); });
    sqlite3_close(other);
    EXPECT_NE(error.find("another program"), std::string::npos) << error;
}

TEST_F(journal_test, a_directory_that_is_not_there_is_an_error)
{
    auto const name = directory / "nowhere" / "journal";
    for (auto const mode : {journal_mode::create, journal_mode::resume})
        EXPECT_NE(
            error_of([&] {
                journal{name, mode, ""};
            }).find(name.string()),
            std::string::npos);
}

} // namespace
