/* The CNI plugin of this image: hands a call to the network agent of this node and prints its answer. One small process, for a
 * pod's life makes a dozen calls. As "loopback" it has nothing to do: the agent brings up a pod's loopback with its network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static const char *variables[] = {"CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_ARGS"};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

/* 11 says "try again later". */
static int fail(const char *message)
{
    printf("{\"cniVersion\":\"0.4.0\",\"code\":11,\"msg\":\"%s\"}\n", message);
    return 1;
}

static int answer(int status, const char *text)
{
    puts(text);
    return status;
}

/* All of it, or nothing is told to the caller. */
static int send_all(int to, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(to, text, length, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        text += sent;
        length -= (size_t)sent;
    }
    return 1;
}

static int call(int agent)
{
    static char text[1 << 16];
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/k3s/network-agent/socket"};
    struct timeval patience = {.tv_sec = 60}; /* longer than the agent takes to say no */
    ssize_t got, length = 0;

    setsockopt(agent, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(agent, (struct sockaddr *)&address, sizeof address) != 0) return fail("the network agent is not there");
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = variable(variables[i]);
        if (!send_all(agent, value, strlen(value)) || !send_all(agent, "\n", 1)) return fail("the network agent hung up");
    }
    while ((got = read(STDIN_FILENO, text, sizeof text)) > 0)
        if (!send_all(agent, text, (size_t)got)) return fail("the network agent hung up");
    shutdown(agent, SHUT_WR);

    /* The first character is the exit status, the rest is to be printed. */
    while (length < (ssize_t)sizeof text - 1 && (got = read(agent, text + length, sizeof text - 1 - (size_t)length)) > 0) length += got;
    text[length] = 0;
    return *text == '0' || *text == '1' ? answer(*text - '0', text + 1) : fail("the network agent does not answer");
}

int main(int count, char **arguments)
{
    const char *slash = count > 0 ? strrchr(arguments[0], '/') : 0;
    if (strcmp(variable("CNI_COMMAND"), "VERSION") == 0)
        return answer(0, "{\"cniVersion\":\"0.4.0\",\"supportedVersions\":[\"0.3.0\",\"0.3.1\",\"0.4.0\"]}");
    if (slash && strcmp(slash, "/loopback") == 0)
        return answer(0, strcmp(variable("CNI_COMMAND"), "ADD") == 0 ? "{\"cniVersion\":\"0.3.1\"}" : "");
    return call(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
