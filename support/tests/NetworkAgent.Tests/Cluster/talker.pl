# In every pod of the tests. Listens on TCP and UDP 80 and 81 and says who is seen asking; on TCP 82 it repeats each line. On port 79, which only the pod's own
# node asks (a node is never kept from its pods), it tries many targets at once: "MILLISECONDS tcp:ADDRESS:PORT udp:... ...".
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket 'SO_ERROR';
use Time::HiRes 'time';

$SIG{CHLD} = 'IGNORE';
my $all = IO::Select->new;
my %kind;
sub listen_on {
    my ($kind, $port, @how) = @_;
    my $socket = IO::Socket::INET->new(LocalPort => $port, @how) or die "$kind $port: $!";
    $kind{$socket} = $kind;
    $all->add($socket);
}
listen_on('control', 79, Listen => 64, ReuseAddr => 1);
listen_on('echo', 82, Listen => 64, ReuseAddr => 1);
for my $port (80, 81) {
    listen_on('tcp', $port, Listen => 64, ReuseAddr => 1);
    listen_on('udp', $port, Proto => 'udp');
}

while (1) {
    for my $socket ($all->can_read) {
        if ($kind{$socket} eq 'udp') {
            my $from = recv($socket, my $word, 64, 0);
            send($socket, 'here', 0, $from) if defined $from;
            next;
        }
        my $client = $socket->accept or next;
        if ($kind{$socket} eq 'tcp') { print $client $client->peerhost; close $client; next; }
        if (!fork) {
            if ($kind{$socket} eq 'echo') { while (my $line = <$client>) { print $client $line; $client->flush; } exit; }
            print $client probe(scalar <$client>);
            close $client;
            exit;
        }
        close $client;
    }
}

sub probe {
    my ($milliseconds, @targets) = split ' ', $_[0];
    my $pending = IO::Select->new;
    my (%target, %result);
    for my $target (@targets) {
        my ($protocol, $address, $port) = split /:/, $target;
        my $socket = IO::Socket::INET->new(Proto => $protocol, PeerAddr => $address, PeerPort => $port, Blocking => 0);
        if (!$socket) { $result{$target} = "$!"; next; }
        send($socket, 'who', 0) if $protocol eq 'udp';
        $target{$socket} = $target;
        $pending->add($socket);
    }
    my $end = time + $milliseconds / 1000;
    while ($pending->count && (my $left = $end - time) > 0) {
        my ($readable, $writable) = IO::Select->select(of('udp', $pending, \%target), of('tcp', $pending, \%target), undef, $left);
        for my $socket (@{ $readable || [] }) {
            $result{ $target{$socket} } = defined recv($socket, my $word, 64, 0) ? 'open' : 'refused';
            $pending->remove($socket);
        }
        for my $socket (@{ $writable || [] }) {
            $result{ $target{$socket} } = $socket->getsockopt(1, SO_ERROR) ? 'refused' : 'open';
            $pending->remove($socket);
        }
    }
    return join '', map { "$_ " . ($result{$_} || 'timeout') . "\n" } @targets;
}

sub of {
    my ($protocol, $pending, $target) = @_;
    return IO::Select->new(grep { $target->{$_} =~ /^$protocol/ } $pending->handles);
}
