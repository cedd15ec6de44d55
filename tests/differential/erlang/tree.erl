%% Supervisors as scenarios describe them: the counterpart of tree.py.
-module(tree).
-behaviour(supervisor).
-export([start_link/1, spec/1, init/1]).

start_link(Tree) ->
    supervisor:start_link(?MODULE, Tree).

init({supervisor, Id, {Strategy, Intensity, AutoShutdown}, _, Children}) ->
    world:tell(Id, supervisor),
    Flags = #{strategy => Strategy, intensity => Intensity, period => 3600, auto_shutdown => AutoShutdown},
    {ok, {Flags, [spec(Child) || Child <- Children]}}.

spec({supervisor, Id, _, Common, _} = Tree) ->
    (common(Common))#{id => Id, start => {?MODULE, start_link, [Tree]}, type => supervisor};
spec({worker, Id, Server, Common}) ->
    (common(Common))#{id => Id, start => {server, start_link, [{Id, Server}]}}.

common({Restart, Shutdown, Significant}) ->
    #{restart => Restart, shutdown => Shutdown, significant => Significant}.
