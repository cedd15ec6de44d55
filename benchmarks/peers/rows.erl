%% The same rows on the BEAM: `erl -s rows main ROW SIZE AMONG WARM` prints one JSON line.
%% A row is a function of {Size, Among}; it returns {seconds, Wall, Cpu, Operations} or {bytes, Bytes, Processes}.
-module(rows).
-behaviour(gen_server).
-export([main/1]).
-export([init/1, handle_call/3, handle_cast/2]).
-export([start_echo/1]).

main([Row | Sizes]) ->
    [Size, Among, Warm] = [list_to_integer(atom_to_list(Text)) || Text <- Sizes],
    Me = self(),
    row(Row, {Warm, 0}),
    spawn(fun() -> Me ! {measured, row(Row, {Size, Among})} end),
    Told = receive
        {measured, {bytes, Bytes, Count}} -> [Bytes / Count, 0.0, Size];
        {measured, {seconds, Wall, Cpu, Count}} -> [Wall / Count, Cpu / Count, Size]
    end,
    io:format("{\"value\": ~.6e, \"cpu\": ~.6e, \"size\": ~b}~n", Told),
    erlang:halt(0).

row(spawn, Sizes) -> spawn_row(Sizes);
row(spawn_among, Sizes) -> spawn_row(Sizes);
row(bytes_process, {Size, _}) -> memory(Size, fun() -> idle(Size) end);
row(bytes_server, {Size, _}) -> memory(Size, fun() -> start(Size) end);
row(start, {Size, _}) -> timed(Size, fun() -> start(Size) end);
row(call, {Size, _}) -> call_row(Size);
row(cast, {Size, _}) -> cast_row(Size);
row(ring, {Size, _}) -> ring_row(Size);
row(pingpong, {Size, _}) -> pingpong_row(Size);
row(fanin, {Size, _}) -> fanin_row(Size);
row(forkjoin, {Size, _}) -> forkjoin_row(Size);
row(big, {Size, _}) -> big_row(Size);
row(skynet, {Size, _}) -> skynet_row(Size);
row(restart, {Size, _}) -> restart_row(Size);
row(selective, {Size, _}) -> selective_row(Size);
row(message_among, Sizes) -> message_row(Sizes).

%% --- measuring

timed(Operations, Fun) ->
    Threads = filelib:wildcard("/proc/self/task/*/schedstat"),
    CpuBegan = cpu(Threads),
    Began = erlang:monotonic_time(nanosecond),
    Fun(),
    Wall = erlang:monotonic_time(nanosecond) - Began,
    {seconds, Wall / 1.0e9, (cpu(Threads) - CpuBegan) / 1.0e9, Operations}.

%% Nanoseconds that all threads have run, the kernel's work for them included, which statistics(runtime) leaves out.
%% Zero where the system does not tell.
cpu(Threads) -> lists:sum([ran(File) || File <- Threads]).

ran(File) ->
    case file:read_file(File) of
        {ok, Text} -> binary_to_integer(hd(binary:split(Text, <<" ">>)));
        _ -> 0
    end.

memory(Count, Fun) ->
    Before = resident(),
    Fun(),
    {bytes, resident() - Before, Count}.

%% Resident memory of the whole emulator, as for every other peer.
resident() ->
    case file:read_file("/proc/self/status") of
        {ok, Text} -> kilobytes(re:run(Text, "VmRSS:\\s*(\\d+) kB", [{capture, [1], list}]));
        _ -> kilobytes({match, [string:trim(os:cmd("ps -o rss= -p " ++ os:getpid()))]})
    end.

kilobytes({match, [Digits]}) -> list_to_integer(Digits) * 1024.

repeat(0, _) -> ok;
repeat(N, Fun) -> Fun(N), repeat(N - 1, Fun).

%% --- the rows

idle(Count) ->
    Me = self(),
    repeat(Count, fun(_) -> spawn(fun() -> receive stop -> ok end end) end),
    spawn(fun() -> Me ! all_run end),
    receive all_run -> ok end.

spawn_row({Size, Among}) ->
    idle(Among),
    timed(Size, fun() -> idle(Size) end).

start(Count) -> repeat(Count, fun(_) -> {ok, _} = gen_server:start(?MODULE, none, []) end).

call_row(Size) ->
    {ok, Server} = gen_server:start(?MODULE, none, []),
    timed(Size, fun() -> repeat(Size, fun(N) -> gen_server:call(Server, N) end) end).

cast_row(Size) ->
    {ok, Server} = gen_server:start(?MODULE, none, []),
    timed(Size, fun() ->
        repeat(Size, fun(_) -> gen_server:cast(Server, 1) end),
        gen_server:call(Server, 0, infinity)
    end).

ring_row(Size) ->
    Me = self(),
    [First | Rest] = Pids = [spawn(fun() -> receive After -> forward(After, Me) end end) || _ <- lists:seq(1, 100)],
    [Pid ! After || {Pid, After} <- lists:zip(Pids, Rest ++ [First])],
    timed(Size, fun() -> First ! Size, receive over -> ok end end).

forward(After, Parent) ->
    receive
        N when N > 0 -> After ! N - 1, forward(After, Parent);
        _ -> Parent ! over
    end.

reflect() -> receive {Sender, N} -> Sender ! N, reflect() end.

pingpong_row(Size) ->
    Me = self(),
    Other = spawn(fun reflect/0),
    timed(Size, fun() -> repeat(Size, fun(N) -> Other ! {Me, N}, receive _ -> ok end end) end).

fanin_row(Size) ->
    Me = self(),
    Each = Size div 100,
    timed(Each * 100, fun() ->
        repeat(100, fun(_) -> spawn(fun() -> repeat(Each, fun(N) -> Me ! N end) end) end),
        repeat(Each * 100, fun(_) -> receive _ -> ok end end)
    end).

forkjoin_row(Size) ->
    Me = self(),
    timed(Size, fun() ->
        repeat(Size, fun(N) ->
            spawn(fun() -> receive {Sender, K} -> Sender ! K + 1 end end) ! {Me, N}
        end),
        repeat(Size, fun(_) -> receive _ -> ok end end)
    end).

big_row(Size) ->
    Me = self(),
    Each = Size div 120,
    Pids = [spawn(fun() -> receive Others -> big(Index, Others, 0, 0, Each, Me) end end) || Index <- lists:seq(0, 119)],
    Others = list_to_tuple(Pids),
    timed(Each * 120, fun() ->
        [Pid ! Others || Pid <- Pids],
        repeat(120, fun(_) -> receive done -> ok end end)
    end).

big(_, _, _, Each, Each, Parent) ->
    Parent ! done,
    pong_only();
big(Index, Others, Asked, Asked, Each, Parent) ->
    element((Index * 31 + Asked * 17) rem 120 + 1, Others) ! {ping, self()},
    big(Index, Others, Asked + 1, Asked, Each, Parent);
big(Index, Others, Asked, Answered, Each, Parent) ->
    receive
        {ping, Other} -> Other ! {pong, self()}, big(Index, Others, Asked, Answered, Each, Parent);
        {pong, _} -> big(Index, Others, Asked, Answered + 1, Each, Parent)
    end.

pong_only() -> receive {ping, Other} -> Other ! {pong, self()}, pong_only() end.

skynet_row(Leaves) ->
    Me = self(),
    timed(actors(Leaves), fun() ->
        spawn(fun() -> skynet(Me, 0, Leaves) end),
        Total = Leaves * (Leaves - 1) div 2,
        receive Total -> ok end
    end).

actors(1) -> 1;
actors(Leaves) -> Leaves + actors(Leaves div 10).

skynet(Parent, Number, 1) ->
    Parent ! Number;
skynet(Parent, Number, Leaves) ->
    Me = self(),
    Part = Leaves div 10,
    repeat(10, fun(K) -> spawn(fun() -> skynet(Me, Number + (K - 1) * Part, Part) end) end),
    Parent ! sum(10, 0).

sum(0, Total) -> Total;
sum(Left, Total) -> receive N -> sum(Left - 1, Total + N) end.

restart_row(Size) ->
    Flags = #{strategy => one_for_one, intensity => 1000, period => 5},
    Child = #{id => crashing, start => {?MODULE, start_echo, [self()]}},
    repeat(supervisors(Size), fun(_) -> {ok, _} = supervisor:start_link(?MODULE, {supervisor, Flags, Child}) end),
    timed(Size, fun() ->
        repeat(Size, fun(_) -> receive {started, Pid} -> gen_server:cast(Pid, crash) end end),
        repeat(supervisors(Size), fun(_) -> receive {started, _} -> ok end end)
    end).

%% A supervisor remembers its recent restarts, so each has few.
supervisors(Size) -> max(1, Size div 50).

selective_row(Size) ->
    Me = self(),
    Other = spawn(fun reflect_wanted/0),
    repeat(1000, fun(N) -> Me ! {other, N} end),
    timed(Size, fun() -> repeat(Size, fun(N) -> Other ! {Me, N}, receive {wanted, _} -> ok end end) end).

reflect_wanted() -> receive {Sender, N} -> Sender ! {wanted, N}, reflect_wanted() end.

message_row({Size, Among}) ->
    Me = self(),
    Count = max(1, Among),
    Pids = list_to_tuple([spawn(fun reflect/0) || _ <- lists:seq(1, Count)]),
    spawn(fun() -> Me ! all_run end),
    receive all_run -> ok end,
    timed(Size, fun() ->
        repeat(Size, fun(N) -> element(N * 7919 rem Count + 1, Pids) ! {Me, N}, receive _ -> ok end end)
    end).

%% --- the server, and what supervises it

start_echo(Starter) -> gen_server:start_link(?MODULE, {tell, Starter}, []).

init({supervisor, Flags, Child}) -> {ok, {Flags, [Child]}};
init({tell, Starter}) -> Starter ! {started, self()}, {ok, 0};
init(none) -> {ok, 0}.

handle_call(Request, _From, State) -> {reply, Request, State}.

handle_cast(crash, _State) -> error(boom);
handle_cast(N, State) -> {noreply, State + N}.
