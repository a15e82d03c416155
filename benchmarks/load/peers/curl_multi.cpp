// libcurl's multi interface under epoll. Transfers and connections are used again.

#include "answer.hpp"
#include "descriptor.hpp"
#include "peer.hpp"
#include "question.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace load {
namespace {

void require(CURLcode result)
{
    if (result != CURLE_OK)
        throw std::runtime_error{::curl_easy_strerror(result)};
}

void require(CURLMcode result)
{
    if (result != CURLM_OK)
        throw std::runtime_error{::curl_multi_strerror(result)};
}

struct release
{
    void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

using header_list = std::unique_ptr<curl_slist, release>;

header_list make_headers()
{
    header_list list;
    for (auto const& line :
         {"Authorization: Bearer " + std::string{question::key},
          std::string{"Content-Type: application/json"}, std::string{"Accept: application/json"}})
    {
        auto* const longer = ::curl_slist_append(list.get(), line.c_str());
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

std::size_t store(char* bytes, std::size_t, std::size_t size, void* into)
{
    static_cast<std::string*>(into)->append(bytes, size);
    return size;
}

// One request at a time, over and over.
class transfer
{
public:
    transfer(options const& chosen, tally& account, std::string const& host, curl_slist* headers)
        : question_{chosen.question}, account_{account}
    {
        auto const url = "https://" + host + ':' + std::to_string(chosen.port) + question::target;
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_HTTPHEADER, headers);
        set(CURLOPT_CAINFO, chosen.ca_file.c_str());
        set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_3});
        set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PRIVATE, this);
        set(CURLOPT_WRITEFUNCTION, &store);
        set(CURLOPT_WRITEDATA, &answer_);
    }

    CURL* handle() { return handle_.get(); }

    void start(CURLM* multi)
    {
        if (!account_.take())
            return;
        body_ = question_.body();
        answer_.clear();
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
        set(CURLOPT_POSTFIELDS, body_.data());
        sent_ = clock::now();
        require(::curl_multi_add_handle(multi, handle()));
    }

    /// Returns how many connections were made for it.
    std::uint64_t finish()
    {
        long status = 0, connections = 0;
        require(::curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status));
        require(::curl_easy_getinfo(handle(), CURLINFO_NUM_CONNECTS, &connections));
        if (status == 429)
            account_.refused();
        else if (status == 200)
            account_.done(sent_, output_text(answer_));
        else
            throw std::runtime_error{"not the answer that was expected"};
        return static_cast<std::uint64_t>(connections);
    }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        require(::curl_easy_setopt(handle(), option, value));
    }

    question const& question_;
    tally& account_;
    std::unique_ptr<CURL, release> handle_{::curl_easy_init()};
    std::string body_;
    std::string answer_;
    clock::time_point sent_{};
};

class curl_multi : public peer
{
public:
    explicit curl_multi(options const& chosen) : chosen_{chosen}
    {
        set(CURLMOPT_SOCKETFUNCTION, &on_socket);
        set(CURLMOPT_SOCKETDATA, this);
        set(CURLMOPT_TIMERFUNCTION, &on_timer);
        set(CURLMOPT_TIMERDATA, this);
        set(CURLMOPT_MAXCONNECTS, static_cast<long>(chosen.hosts.size() * chosen.connections()));
    }

    ~curl_multi() override { ::curl_multi_cleanup(multi_); }

    handshakes made() const override { return made_; }

    void run(workload const& work) override
    {
        std::vector<std::unique_ptr<transfer>> transfers;
        transfers.reserve(work.connections());
        while (!work.finished()) {
            auto const due = work.due();
            while (transfers.size() < due) {
                auto const number = transfers.size();
                transfers.push_back(std::make_unique<transfer>(
                    chosen_, work.account_of(number), work.host_of(number), headers_.get()));
                transfers.back()->start(multi_);
            }
            wait(due == work.connections() ? -1 : 1);
            collect();
        }
    }

private:
    template <class Value>
    void set(CURLMoption option, Value value)
    {
        require(::curl_multi_setopt(multi_, option, value));
    }

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known)
    {
        return static_cast<curl_multi*>(self)->watch(socket, what, known != nullptr);
    }

    static int on_timer(CURLM*, long milliseconds, void* self)
    {
        auto& due = static_cast<curl_multi*>(self)->timer_;
        due.reset();
        if (milliseconds >= 0)
            due = clock::now() + std::chrono::milliseconds{milliseconds};
        return 0;
    }

    int watch(curl_socket_t socket, int what, bool known)
    {
        epoll_event event{};
        event.data.fd = socket;
        event.events =
            (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
        int const operation = what == CURL_POLL_REMOVE ? EPOLL_CTL_DEL
                              : known                  ? EPOLL_CTL_MOD
                                                       : EPOLL_CTL_ADD;
        ::epoll_ctl(epoll_.get(), operation, socket, &event);
        if (operation == EPOLL_CTL_ADD)
            ::curl_multi_assign(multi_, socket, this);
        return 0;
    }

    void act(curl_socket_t socket, int events)
    {
        int running = 0;
        require(::curl_multi_socket_action(multi_, socket, events, &running));
    }

    int milliseconds_left() const
    {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(*timer_ - clock::now());
        return std::max(0, static_cast<int>(left.count()));
    }

    void wait(int limit)
    {
        if (timer_)
            limit = limit < 0 ? milliseconds_left() : std::min(limit, milliseconds_left());
        std::array<epoll_event, 256> events{};
        int const ready =
            ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), limit);
        for (int i = 0; i < ready; ++i) {
            auto const& event = events[static_cast<std::size_t>(i)];
            act(event.data.fd, (event.events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                                   (event.events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                                   (event.events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
        }
        if (timer_ && clock::now() >= *timer_) {
            timer_.reset();
            act(CURL_SOCKET_TIMEOUT, 0);
        }
    }

    void collect()
    {
        int left = 0;
        while (auto* const message = ::curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            require(message->data.result);
            transfer* one = nullptr;
            require(::curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &one));
            made_.full += one->finish();
            require(::curl_multi_remove_handle(multi_, one->handle()));
            one->start(multi_);
        }
    }

    options const chosen_;
    CURLM* const multi_ = ::curl_multi_init();
    header_list const headers_ = make_headers();
    descriptor epoll_{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
    std::optional<clock::time_point> timer_;
    handshakes made_;
};

} // namespace
} // namespace load

int main(int argc, char** argv)
{
    auto const chosen = load::parse_options(argc, argv);
    return load::drive(chosen, [&] { return std::make_unique<load::curl_multi>(chosen); });
}
