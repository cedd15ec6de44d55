%% A process that does what it is told: the counterpart of actor.py, operation by operation.
-module(actor).
-export([init/3, perform/1]).

%% With any time limit the reply goes to an alias, in the package always: a second reply then reaches nobody.
-define(AN_HOUR, 3600000).
-define(A_MOMENT, 50).

init(Key, Trap, Fate) ->
    process_flag(trap_exit, Trap),
    world:tell(Key, actor),
    meet(Fate, Key).

meet(lives, Key) -> loop(Key);
meet(return, _) -> ok;
meet(crash, _) -> error(boom);
meet({exit, Reason}, _) -> exit(Reason).

loop(Key) ->
    receive
        {do, Ops} -> do(Ops, Key)
    end.

do([], Key) ->
    driver ! {done, Key},
    loop(Key);
do([{'end', Fate} | _], Key) ->
    meet(Fate, Key);
do([Op | Ops], Key) ->
    driver ! {result, Key, perform(Op)},
    do(Ops, Key).

%% The canonical result of an operation; one that fails harms nobody, unless it must succeed. A failed call then
%% ends the caller with the bare reason, as in the package (in OTP with a pair that names the call, too).
perform({must, Op}) ->
    try
        canon:term(op(Op))
    catch
        throw:nobody -> nobody;
        exit:{Reason, {gen_server, call, _}} -> exit(Reason)
    end;
perform(Op) ->
    try
        canon:term(op(Op))
    catch
        throw:nobody -> nobody;
        Class:Reason -> {Class, canon:term(Reason)}
    end.

%% --- processes, links, monitors --------------------------------------------------------------------------

op({spawn, Trap, Options, Fate}) ->
    Key = world:next_key(),
    case spawn_opt(?MODULE, init, [Key, Trap, Fate], Options) of
        {Pid, Ref} ->
            world:give(Key, Pid),
            {Key, world:new_ref(Ref)};
        Pid ->
            world:give(Key, Pid),
            Key
    end;
op({trap, Flag}) ->
    process_flag(trap_exit, Flag);
op({link, Key}) ->
    link(world:target(Key));
op({unlink, Key}) ->
    unlink(world:target(Key));
op({monitor, Target}) ->
    world:new_ref(monitor(process, world:target(Target)));
op({demonitor, Number, Options}) ->
    demonitor(world:ref(me(), Number), Options);
op({exit, Key, Reason}) ->
    exit(world:target(Key), Reason);
op({alive, Key}) ->
    is_process_alive(world:target(Key));
%% --- names, messages, aliases ----------------------------------------------------------------------------

op({register, Name, Key}) ->
    register(Name, world:target(Key));
op({unregister, Name}) ->
    unregister(Name);
op({whereis, Name}) ->
    whereis(Name);
op({send, Target, Message}) ->
    world:target(Target) ! {message, me(), Message},
    true;
op({send_ref, Key, Number, Message}) ->
    world:ref(Key, Number) ! {message, me(), Message},
    true;
op({alias}) ->
    world:new_ref(alias());
op({unalias, Key, Number}) ->
    unalias(world:ref(Key, Number));
op({take, message}) ->
    receive {message, _, _} = Message -> Message after 0 -> none end;
op({take, exit, Key}) ->
    Pid = world:target(Key),
    receive {'EXIT', Pid, _} = Message -> canon:message(Message) after 0 -> none end;
op({take, down, Number}) ->
    Ref = world:ref(me(), Number),
    receive {'DOWN', Ref, _, _, _} = Message -> canon:message(Message) after 0 -> none end;
op({flush}) ->
    flush([]);
%% --- servers ---------------------------------------------------------------------------------------------

op({start, Link, Name, Server}) ->
    Key = world:next_key(),
    started(Key, start(Link, Name, {Key, Server}));
op({call, Target, Script}) ->
    gen_server:call(world:target(Target), Script, ?AN_HOUR);
op({call_briefly, Target, Script}) ->
    driver ! {waits, self()},
    try
        gen_server:call(world:target(Target), Script, ?A_MOMENT)
    after
        driver ! {waited, self()}
    end;
op({cast, Target, Script}) ->
    gen_server:cast(world:target(Target), Script);
op({info, Target, Script}) ->
    world:target(Target) ! {script, Script},
    true;
op({answer, Number, Value}) ->
    gen_server:reply(world:kept(Number), Value),
    true;
op({stop, Target, Reason}) ->
    gen_server:stop(world:target(Target), Reason, infinity);
op({suspend, Target}) ->
    sys:suspend(world:target(Target), infinity);
op({resume, Target}) ->
    sys:resume(world:target(Target), infinity);
%% --- supervisors -----------------------------------------------------------------------------------------

op({start_tree, Tree}) ->
    started(element(2, Tree), tree:start_link(Tree));
op({start_child, Target, Child}) ->
    case supervisor:start_child(world:target(Target), tree:spec(Child)) of
        {error, {Reason, Record}} when element(1, Record) =:= child -> {error, Reason};  % SupervisorError names no record
        Result -> Result
    end;
op({terminate_child, Target, Id}) ->
    supervisor:terminate_child(world:target(Target), Id);
op({restart_child, Target, Id}) ->
    supervisor:restart_child(world:target(Target), Id);
op({delete_child, Target, Id}) ->
    supervisor:delete_child(world:target(Target), Id);
op({which_children, Target}) ->
    [{Id, Child, Type} || {Id, Child, Type, _} <- supervisor:which_children(world:target(Target))];
op({count_children, Target}) ->
    [N || {_, N} <- supervisor:count_children(world:target(Target))].

start(true, none, Argument) -> gen_server:start_link(server, Argument, []);
start(true, Name, Argument) -> gen_server:start_link({local, Name}, server, Argument, []);
start(false, none, Argument) -> gen_server:start(server, Argument, []);
start(false, Name, Argument) -> gen_server:start({local, Name}, server, Argument, []).

%% From OTP 26 on (and in the package) a failed start consumes the EXIT of what did not start.
started(_, {ok, _} = Started) ->
    Started;
started(Key, Failed) ->
    try world:target(Key) of
        Pid -> receive {'EXIT', Pid, _} -> Failed after 0 -> Failed end
    catch
        throw:nobody -> Failed
    end.

flush(Messages) ->
    receive
        Message -> flush([canon:message(Message) | Messages])
    after 0 -> [flushed | lists:reverse(Messages)]
    end.

me() ->
    element(1, world:who(self())).
